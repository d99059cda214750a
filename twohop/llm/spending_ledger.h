// What calls have cost so far, kept where a restart does not forget it.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "twohop/base/clock.h"
#include "twohop/base/mutex.h"
#include "twohop/base/result.h"

namespace twohop {

// Nothing: no limit.
struct CallLimits {
  std::optional<double> max_usd;
  std::optional<std::uint64_t> max_tokens;       // Of prompts and replies together.
  std::optional<std::uint64_t> max_call_tokens;  // The same, of one call.
};

struct Spending {
  std::uint64_t tokens = 0;  // Of prompts and replies together.
  double usd = 0.0;

  friend bool operator==(const Spending&, const Spending&) = default;
};

// What is spent, and what calls under way may still spend: a call reserves the most that it can
// cost, and gives back afterwards what it did not use. A process that ends during a call leaves the
// reservation behind as spent, because nobody knows what the call came to.
//
// Thread-safe.
class SpendingLedger {
 public:
  struct Reservation {
    std::string day;  // Of a daily ledger; the other has no days.
    Spending most;
  };

  // Lives in memory and never begins anew.
  SpendingLedger() = default;

  // Begins anew at midnight UTC, and keeps the day's spending in `file`. Several processes may use
  // the same file: each step reads and replaces it under a lock (`file`.lock). `clock` must outlive
  // the ledger.
  //
  // Errors: kDataLoss if there is a file and it is damaged, naming it; those of ReadFile and
  // WriteFileAtomically.
  static Result<std::unique_ptr<SpendingLedger>> OpenDaily(std::filesystem::path file,
                                                           const Clock& clock);

  // Adds `most` if with it neither tokens nor money exceed `limits`; nothing if they would. A daily
  // ledger's is on disk when this returns.
  //
  // Errors: those of OpenDaily.
  Result<std::optional<Reservation>> Reserve(const Spending& most, const CallLimits& limits);

  // Takes the reservation back and adds `actual` instead, to the day that it is now: a call across
  // midnight counts in both days, so that it counts nowhere too little.
  //
  // Errors: those of OpenDaily; then the reservation stands.
  Status Settle(const Reservation& reservation, const Spending& actual);

  // With all that is reserved.
  //
  // Errors: those of OpenDaily.
  Result<Spending> Spent();

  // When the ledger begins anew; nothing if never.
  std::optional<TimePoint> renewal() const;

 private:
  struct Book {
    std::string day;
    Spending spent;
  };

  SpendingLedger(std::filesystem::path file, const Clock& clock)
      : file_(std::move(file)), clock_(&clock) {}

  std::string Today() const;
  Result<Book> Read() const TWOHOP_REQUIRES(mutex_);
  Status Write(const Book& book) TWOHOP_REQUIRES(mutex_);

  const std::filesystem::path file_;
  const Clock* const clock_ = nullptr;
  Mutex mutex_;
  Book in_memory_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop
