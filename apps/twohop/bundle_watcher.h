// New bundles, taken up while serving.

#pragma once

#include <stop_token>
#include <string>

#include "apps/common/workspace.h"

#include "twohop/base/clock.h"
#include "twohop/base/snapshot.h"
#include "twohop/recall/recaller.h"

namespace twohop::app {

// Looks every two seconds whether the workspace has another current bundle, and publishes a
// recaller for it. A bundle that does not load is logged once and the old one stays. Returns when a
// stop is requested.
void RunBundleWatcher(const Workspace& workspace, const Clock& clock, Snapshot<Recaller>& recaller,
                      std::stop_token stop);

}  // namespace twohop::app
