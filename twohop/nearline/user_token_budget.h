// What one user may cost in a day.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <unordered_map>

#include "twohop/base/clock.h"
#include "twohop/base/mutex.h"
#include "twohop/base/result.h"
#include "twohop/domain/ids.h"
#include "twohop/reasoning/interest_generator.h"

namespace twohop {

// Counts the tokens of each user's refreshes in the day, UTC, and keeps them in a file, so that a
// restart does not begin anew. Users stand there by a fingerprint of their id, and only for that
// day. The file belongs to one process at a time, as the user states do.
//
// Thread-safe. `clock` must outlive it.
class UserTokenBudget {
 public:
  // Reads today's lines of `file` and drops the others; lines that are damaged are left out, so at
  // worst a user may cost more.
  //
  // REQUIRES: tokens_per_day > 0.
  //
  // Errors: those of ReadFile and WriteFileAtomically; a missing file is fine.
  static Result<std::unique_ptr<UserTokenBudget>> Open(std::filesystem::path file,
                                                       std::uint64_t tokens_per_day,
                                                       const Clock& clock);

  // True if nothing more should be asked for this user today. What one refresh costs is known
  // only afterwards, so the last one may exceed the limit.
  bool IsSpent(const UserId& user);

  // Adds a refresh's prompt and completion tokens.
  //
  // Errors: kResourceExhausted if the disk is full; kUnavailable for any other failure. They count
  // in memory all the same.
  Status Record(const UserId& user, const TokenUsage& usage);

 private:
  UserTokenBudget(std::filesystem::path file, std::uint64_t tokens_per_day, const Clock& clock)
      : file_(std::move(file)), tokens_per_day_(tokens_per_day), clock_(clock) {}

  Status Load();
  // Forgets yesterday; returns whether there was a yesterday.
  bool BeginDay() TWOHOP_REQUIRES(mutex_);
  void ReadLine(std::string_view line) TWOHOP_REQUIRES(mutex_);
  Status WriteAll() TWOHOP_REQUIRES(mutex_);

  const std::filesystem::path file_;
  const std::uint64_t tokens_per_day_;
  const Clock& clock_;
  Mutex mutex_;
  std::string day_ TWOHOP_GUARDED_BY(mutex_);
  std::unordered_map<std::uint64_t, std::uint64_t> tokens_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop
