// What the demo shows at its end.

#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "apps/twohop/channel_evaluation.h"

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/experiment/latency_summary.h"
#include "twohop/recall/recaller.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop::app {

// The first `limit` users with known hidden interests, a search and reasoning done, by id.
//
// Errors: those of the store.
Result<std::vector<EvaluatedUser>> FindEvaluatedUsers(const UserStateStore& states,
                                                      std::span<const UserTruth> truth,
                                                      std::size_t limit);

// The first `limit` users with known hidden interests and interests of their cohort, by id.
//
// Errors: those of the store.
Result<std::vector<EvaluatedUser>> FindCohortUsers(const UserStateStore& states,
                                                   std::span<const UserTruth> truth,
                                                   std::size_t limit);

// Stories of `count` users spread evenly over `users`: who they are, what they searched, which
// interests were found by which path, and five items of the novelty channel. Items that meet a
// hidden interest are marked.
//
// Errors: those of Recaller::Recall.
Result<std::string> TellStories(const Recaller& recaller, std::span<const EvaluatedUser> users,
                                std::size_t count);

// Times `count` whole requests, going round the users: read the state, recall a page of 20.
//
// Errors: those of the store and of Recaller::Recall.
Result<LatencySummary> TimeRecalls(const Recaller& recaller, const UserStateStore& states,
                                   std::span<const EvaluatedUser> users, std::size_t count,
                                   double novelty_share, const Clock& clock);

}  // namespace twohop::app
