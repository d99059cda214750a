#include "twohop/nearline/interest_refresher.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/base/deadline.h"
#include "twohop/base/parallel.h"
#include "twohop/base/time_format.h"

namespace twohop {
namespace {

// True if the next user would most likely meet the same.
bool ConcernsEveryone(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUnavailable:
    case ErrorCode::kDeadlineExceeded:
    case ErrorCode::kResourceExhausted:
    case ErrorCode::kFailedPrecondition:
    case ErrorCode::kUnimplemented:
      return true;
    default:
      return false;
  }
}

// What a batch has come to so far. Thread-safe.
class BatchTally {
 public:
  BatchTally(std::size_t max_failures, std::unique_ptr<ProgressStage> stage, const Clock& clock)
      : max_failures_(max_failures), stage_(std::move(stage)), watch_(clock) {}

  // Returns whether the batch goes on.
  bool Add(const UserId& user, const Result<UserRefresh>& result) {
    std::uint64_t done = 0;
    std::string note;
    bool go_on = true;
    {
      MutexLock lock(mutex_);
      go_on = result.has_value() ? AddSuccess(*result) : AddError(user, result.error());
      batch_.report.seconds = watch_.elapsed_seconds();
      done = batch_.report.total();
      note = fmt::format("{} refreshed, {} failed, {:.1f}/s", batch_.report.refreshed,
                         batch_.report.failed, batch_.report.answered_per_second());
    }
    stage_->Update(done);
    stage_->Note(note);
    return go_on;
  }

  BatchRefresh Finish(std::size_t users) && {
    MutexLock lock(mutex_);
    batch_.report.seconds = watch_.elapsed_seconds();
    if (batch_.status.has_value() && batch_.report.total() < users) {
      batch_.status = Cancelled("refreshing interests was stopped");
    }
    return std::move(batch_);
  }

 private:
  bool AddSuccess(const UserRefresh& refresh) TWOHOP_REQUIRES(mutex_) {
    batch_.report.Add(refresh);
    // A user for whom nothing was asked says nothing about the model.
    if (refresh.usage.calls > 0) failures_in_a_row_ = 0;
    return true;
  }

  bool AddError(const UserId& user, const Error& error) TWOHOP_REQUIRES(mutex_) {
    if (error.code() != ErrorCode::kCancelled) {
      batch_.report.AddFailure(user, error);
      if (!ConcernsEveryone(error.code()) || ++failures_in_a_row_ < max_failures_) return true;
    }
    batch_.status = tl::unexpected<Error>(error);
    return false;
  }

  const std::size_t max_failures_;
  const std::unique_ptr<ProgressStage> stage_;
  const Stopwatch watch_;
  Mutex mutex_;
  BatchRefresh batch_ TWOHOP_GUARDED_BY(mutex_);
  std::size_t failures_in_a_row_ TWOHOP_GUARDED_BY(mutex_) = 0;
};

// Marks a user as under way for as long as it lives.
class Turn {
 public:
  Turn(const UserId& user, Mutex& mutex, std::unordered_set<UserId>& under_way)
      : user_(user), mutex_(mutex), under_way_(under_way) {
    MutexLock lock(mutex_);
    taken_ = under_way_.insert(user_).second;
  }
  ~Turn() {
    if (!taken_) return;
    MutexLock lock(mutex_);
    under_way_.erase(user_);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  bool taken() const { return taken_; }

 private:
  const UserId& user_;
  Mutex& mutex_;
  std::unordered_set<UserId>& under_way_;
  bool taken_ = false;
};

// Interests that the user does not want are not worth keeping.
bool HasWantedInterests(const UserState& state, const InterestWeights& feedback) {
  return state.interests.has_value() &&
         std::ranges::any_of(state.interests->interests, [&](const LatentInterest& interest) {
           return feedback.Of(interest.demand, interest.category_id) > 0.0F;
         });
}

}  // namespace

Status RefreshOptions::Validate() const {
  if (soft_ttl <= Milliseconds(0)) return InvalidArgument("soft_ttl must be above 0");
  if (concurrency == 0) return InvalidArgument("concurrency must be above 0");
  if (max_consecutive_failures == 0) {
    return InvalidArgument("max_consecutive_failures must be above 0");
  }
  if (deadline && *deadline <= Milliseconds(0)) {
    return InvalidArgument("deadline must be above 0");
  }
  return Ok();
}

InterestRefresher::InterestRefresher(UserStateStore& states, InterestGenerator& generator,
                                     const Clock& clock, const InterestMaker& maker,
                                     const RefreshOptions& options, UserTokenBudget* user_budget)
    : states_(states),
      generator_(generator),
      clock_(clock),
      maker_(FingerprintOf(maker)),
      options_(options),
      user_budget_(user_budget) {
  TWOHOP_DCHECK(options.Validate().has_value());
}

Result<UserRefresh> InterestRefresher::RefreshUser(const UserId& user, std::stop_token stop) {
  const Turn turn(user, mutex_, under_way_);
  if (!turn.taken()) return UserRefresh{.outcome = RefreshOutcome::kBusy};
  return RefreshIdle(user, stop);
}

Result<UserRefresh> InterestRefresher::RefreshIdle(const UserId& user, std::stop_token stop) {
  const TimePoint now = clock_.Now();
  TWOHOP_ASSIGN_OR_RETURN(const std::optional<UserState> state, states_.Get(user));
  if (!state.has_value()) return UserRefresh{.outcome = RefreshOutcome::kUnknown};
  const UserContext context = MakeUserContext(*state, now, options_.evidence);
  if (NeedsRefresh(state->interests, maker_, FingerprintOf(context), now, options_.soft_ttl) ==
      RefreshReason::kNone) {
    return UserRefresh{.outcome = RefreshOutcome::kFresh};
  }
  if (user_budget_ != nullptr && user_budget_->IsSpent(user)) {
    return UserRefresh{.outcome = RefreshOutcome::kOverBudget};
  }
  TWOHOP_ASSIGN_OR_RETURN(Generation generation, Generate(context, std::move(stop)));
  const TokenUsage usage = generation.usage;
  Result<UserRefresh> stored = Store(*state, context, std::move(generation), now);
  if (user_budget_ != nullptr) TWOHOP_RETURN_IF_ERROR(user_budget_->Record(user, usage));
  return stored;
}

Result<Generation> InterestRefresher::Generate(const UserContext& context, std::stop_token stop) {
  if (!options_.deadline) return generator_.Generate(context, std::move(stop));
  const Deadline deadline(clock_, *options_.deadline, stop);
  Result<Generation> generation = generator_.Generate(context, deadline.token());
  const bool is_cancelled =
      !generation.has_value() && generation.error().code() == ErrorCode::kCancelled;
  if (!is_cancelled || !deadline.passed() || stop.stop_requested()) return generation;
  return DeadlineExceeded(
      fmt::format("no interests within {}, given up", FormatDuration(*options_.deadline)));
}

Result<UserRefresh> InterestRefresher::Store(const UserState& state, const UserContext& context,
                                             Generation generation, TimePoint read_at) {
  InterestSet& set = generation.interests;
  set.created = read_at;
  set.maker = maker_;
  set.inputs = FingerprintOf(context);
  const bool empty = set.interests.empty();
  UserRefresh refresh{empty ? RefreshOutcome::kEmpty : RefreshOutcome::kRefreshed,
                      set.interests.size(), generation.rejected, generation.usage};
  if (empty && HasWantedInterests(state, context.feedback)) {
    refresh.outcome = RefreshOutcome::kKept;
    return refresh;
  }
  TWOHOP_ASSIGN_OR_RETURN(const bool stored,
                          states_.PutInterests(state.profile.id, set, generation.debate));
  if (!stored) refresh.outcome = RefreshOutcome::kOutdated;
  return refresh;
}

BatchRefresh InterestRefresher::RefreshUsers(std::span<const UserId> users, Progress& progress,
                                             std::stop_token stop) {
  BatchTally tally(options_.max_consecutive_failures, progress.Begin("interests", users.size()),
                   clock_);
  // Ends the batch for both reasons; the generator is only ever interrupted by the caller, so that
  // answers under way when too many others failed are not lost.
  std::stop_source end;
  const std::stop_callback forward(stop, [&end] { end.request_stop(); });
  ParallelFor(users.size(), options_.concurrency, end.get_token(), [&](std::size_t i) {
    if (!tally.Add(users[i], RefreshUser(users[i], stop))) end.request_stop();
  });
  return std::move(tally).Finish(users.size());
}

}  // namespace twohop
