// The HTTP server over a workspace.

#pragma once

#include <stop_token>

#include "apps/common/config.h"
#include "apps/common/workspace.h"

#include "twohop/base/clock.h"
#include "twohop/base/result.h"

namespace twohop::app {

// Serves until a stop is requested, and then lets requests under way finish. Events that arrive are
// logged and worked into user states; a new bundle is picked up within seconds.
//
// Errors: kFailedPrecondition if the workspace has no bundle or no users, or the port is in use;
// those of the stores.
Status ServeWorkspace(const Workspace& workspace, const Config& config, const Clock& clock,
                      std::stop_token stop);

}  // namespace twohop::app
