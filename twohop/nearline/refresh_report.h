// What came of refreshing users.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/ids.h"
#include "twohop/reasoning/interest_generator.h"

namespace twohop {

enum class RefreshOutcome : std::uint8_t {
  kRefreshed,   // New interests were stored.
  kEmpty,       // The answer held none, and that was stored: the user had none, or wanted none.
  kKept,        // The answer held none; those stored before stay.
  kFresh,       // Nothing was asked: those stored are good.
  kBusy,        // Nothing was asked: another refresh of this user is under way.
  kUnknown,     // Nothing was asked: there is no such user.
  kOverBudget,  // Nothing was asked: the user has used up the tokens of the day.
  kOutdated,    // Newer ones were stored meanwhile, or the user was removed: not stored.
};

// One user's refresh that did not fail.
struct UserRefresh {
  RefreshOutcome outcome = RefreshOutcome::kFresh;
  std::size_t interests = 0;  // In the answer.
  RejectCounts rejected{};
  TokenUsage usage;
};

struct UserFailure {
  UserId user;
  Error error;
};

// Totals over many users.
struct RefreshReport {
  static constexpr std::size_t kMaxFailures = 100;

  std::uint64_t refreshed = 0;  // One counter for each outcome ...
  std::uint64_t empty = 0;
  std::uint64_t kept = 0;
  std::uint64_t fresh = 0;
  std::uint64_t busy = 0;
  std::uint64_t unknown = 0;
  std::uint64_t over_budget = 0;
  std::uint64_t outdated = 0;
  std::uint64_t failed = 0;     // ... and one for errors.
  std::uint64_t timed_out = 0;  // Of the failed, those with kDeadlineExceeded.
  std::uint64_t interests = 0;
  RejectCounts rejected{};
  TokenUsage usage;
  std::vector<UserFailure> failures;  // The first kMaxFailures, in the order in which they came.
  double seconds = 0.0;

  void Add(const UserRefresh& refresh);
  void AddFailure(const UserId& user, Error error);

  // Users for whom the model was asked and answered.
  std::uint64_t answered() const { return refreshed + empty + kept + outdated; }
  // Users that were looked at.
  std::uint64_t total() const { return answered() + not_asked() + failed; }
  // Users for whom nothing was asked.
  std::uint64_t not_asked() const { return fresh + busy + unknown + over_budget; }
  double answered_per_second() const;

  // For a person: "412 refreshed, 3 empty, 85 fresh, 1 failed; 1,204 interests, …", without zeros.
  std::string Describe() const;
};

}  // namespace twohop
