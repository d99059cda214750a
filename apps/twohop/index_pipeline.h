// From catalogue, vectors and model to a bundle.

#pragma once

#include <stop_token>
#include <string>

#include "apps/common/workspace.h"

#include "twohop/base/clock.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"

namespace twohop::app {

struct IndexReport {
  std::string version;
  bool was_current = false;  // Nothing had changed, so nothing was done.
};

// Writes the bundle that serving loads and makes it the current one; does nothing if catalogue,
// vectors, model and event log are those of the last time.
//
// Errors: kFailedPrecondition if an earlier stage has not run or its output does not fit, saying
// which; those of the stores and of WriteBundle; kCancelled.
Result<IndexReport> BuildCurrentBundle(const Workspace& workspace, const Clock& clock,
                                       Progress& progress, std::stop_token stop);

}  // namespace twohop::app
