// What users cost, the more of them were seen before.

#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "apps/common/config.h"
#include "apps/common/workspace.h"
#include "apps/twohop/model_access.h"

#include "twohop/base/clock.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/llm/chat_client.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop::app {

// The first `users` users together.
struct CurvePoint {
  std::string strategy;
  std::size_t users = 0;
  TokenUsage shared;       // With answers in a store that was empty at the first user.
  TokenUsage alone;        // If nothing is remembered from one user to the next, nor within one.
  std::size_t merged = 0;  // Second calls that were saved because demands sound alike.
};

struct TokenCurve {
  std::vector<CurvePoint> points;
  // Ok if all points were taken; else why not: those before are good, and the last one is at the
  // last user that was done.
  Status status;
};

// Reasons for the first users, by id, who searched, one after the other, with interest_gpt and with
// hop_by_hop, and stores no interests. `at` says after how many users a point is taken; if there
// are fewer users, the last point is at their number. The model is asked each different question
// once, over restarts too (ModelAccess::RememberingChat): a curve that was stopped goes on.
//
// Errors: kInvalidArgument if `at` is empty, does not ascend or begins with 0; those of
// MakeReasoning and ModelAccess. How the reasoning itself ended is in the result.
Result<TokenCurve> MeasureTokenCurve(const Workspace& workspace, const Config& config,
                                     const UserStateStore& states,
                                     const std::vector<std::size_t>& at, ModelAccess& models,
                                     const Clock& clock, Progress& progress,
                                     const std::stop_token& stop);

std::string DescribeTokenCurve(const std::vector<CurvePoint>& points);

}  // namespace twohop::app
