// The bundle and the user states that serving reads.

#pragma once

#include <memory>

#include "apps/common/workspace.h"

#include "twohop/base/open_mode.h"
#include "twohop/base/result.h"
#include "twohop/recall/bundle.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop::app {

// Errors: kFailedPrecondition if there is none yet, saying which command makes it; those of
// LoadCurrentBundle.
Result<std::shared_ptr<const Bundle>> LoadWorkspaceBundle(const Workspace& workspace);

// Errors: kFailedPrecondition if nothing was imported yet; those of OpenUserStateStore.
Result<std::unique_ptr<UserStateStore>> OpenWorkspaceStates(const Workspace& workspace,
                                                            OpenMode mode);

}  // namespace twohop::app
