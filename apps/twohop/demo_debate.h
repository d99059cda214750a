// The debate that the demo shows.

#pragma once

#include <stop_token>
#include <string>

#include "apps/common/config.h"
#include "apps/common/workspace.h"
#include "apps/twohop/channel_evaluation.h"
#include "apps/twohop/model_access.h"

#include "twohop/base/clock.h"
#include "twohop/base/result.h"

namespace twohop::app {

// Lets the configured agents, or the default ones, debate about one user, and tells it as a
// conversation with what came of it beside the interests that are stored, which stay as they are.
// Is kept in the workspace: asked again about the same user, it reads the text.
//
// Errors: those of MakeReasoning and of InterestGenerator::Generate.
Result<std::string> HoldDemoDebate(const Workspace& workspace, const Config& config,
                                   const EvaluatedUser& user, ModelAccess& models,
                                   const Clock& clock, std::stop_token stop);

}  // namespace twohop::app
