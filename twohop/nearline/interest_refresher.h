// Keeps the interests of users fresh.

#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <stop_token>
#include <unordered_set>

#include "twohop/base/clock.h"
#include "twohop/base/mutex.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/nearline/refresh_policy.h"
#include "twohop/nearline/refresh_report.h"
#include "twohop/nearline/user_token_budget.h"
#include "twohop/reasoning/interest_generator.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop {

struct RefreshOptions {
  // Interests younger than this are fresh, if maker and inputs are the same.
  Milliseconds soft_ttl = std::chrono::hours(24);
  // Users that are asked for at a time; what the language model can answer side by side.
  std::size_t concurrency = 4;
  // A batch ends after so many failures in a row, in the order in which they come, that are not the
  // user's own: the model cannot be reached, is out of budget or set up wrongly, or the store
  // cannot be written. A user who fails in between neither counts nor interrupts.
  std::size_t max_consecutive_failures = 5;

  // A refresh that takes longer is given up; nothing: never. Until it is, it holds one of the
  // places of `concurrency`.
  std::optional<Milliseconds> deadline;

  EvidenceOptions evidence;

  // Errors: kInvalidArgument, naming the field, if a number is not above 0.
  Status Validate() const;
};

struct BatchRefresh {
  RefreshReport report;  // Of what was done, however the batch ended.
  // Ok if every user was looked at. kCancelled after a stop; the last error after too many failures
  // in a row.
  Status status;
};

// Asks for interests where NeedsRefresh says so, and stores them with their maker, their inputs and
// the time at which the user's state was read.
//
// A failed answer changes nothing. An empty one is stored only for a user who has no interests, or
// wants none of them, so that the same question is not asked again before it is due; it never
// replaces interests that feedback leaves. One
// refresh per user is under way at a time.
//
// Thread-safe. The arguments must outlive the refresher.
class InterestRefresher {
 public:
  // `user_budget` may be null: then a user may cost what it takes.
  //
  // REQUIRES: options.Validate() is Ok.
  InterestRefresher(UserStateStore& states, InterestGenerator& generator, const Clock& clock,
                    const InterestMaker& maker, const RefreshOptions& options = {},
                    UserTokenBudget* user_budget = nullptr);

  // Blocks while the model is asked, which takes seconds; returns at once where it need not be.
  //
  // Errors: those of InterestGenerator::Generate, of UserStateStore and of UserTokenBudget::Record
  // (then the answer is stored); kDeadlineExceeded after options.deadline.
  Result<UserRefresh> RefreshUser(const UserId& user, std::stop_token stop);

  // Refreshes each of `users`, started in their order, some side by side. Errors that are a user's
  // own are counted and reported, and the batch goes on. Whatever ends it early, what is done is
  // stored: calling again with the same users goes on with those that are left.
  BatchRefresh RefreshUsers(std::span<const UserId> users, Progress& progress,
                            std::stop_token stop);

 private:
  Result<UserRefresh> RefreshIdle(const UserId& user, std::stop_token stop);
  Result<Generation> Generate(const UserContext& context, std::stop_token stop);
  Result<UserRefresh> Store(const UserState& state, const UserContext& context,
                            Generation generation, TimePoint read_at);

  UserStateStore& states_;
  InterestGenerator& generator_;
  const Clock& clock_;
  const std::uint64_t maker_;
  const RefreshOptions options_;
  UserTokenBudget* const user_budget_;
  Mutex mutex_;
  std::unordered_set<UserId> under_way_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop
