// Time that a piece of work may take.

#pragma once

#include <algorithm>
#include <chrono>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"

namespace twohop {

// The end of the time for some work on the calling thread, which asks between its steps. Reading it
// costs one look at the clock; nothing is interrupted.
//
// Thread-compatible. `clock` must outlive it.
class TimeBudget {
 public:
  TimeBudget() = default;  // Never passes.

  // From now on. A limit of 0 never passes.
  TimeBudget(const Clock& clock, std::chrono::nanoseconds limit) {
    if (limit.count() == 0) return;
    clock_ = &clock;
    end_ = clock.Monotonic() + limit;
  }

  // The time until the earlier of the two ends.
  TimeBudget And(const TimeBudget& other) const {
    if (clock_ == nullptr) return other;
    TimeBudget both = *this;
    if (other.clock_ != nullptr) both.end_ = std::min(end_, other.end_);
    return both;
  }

  bool passed() const { return clock_ != nullptr && clock_->Monotonic() >= end_; }

  // Errors: kDeadlineExceeded if the time has passed.
  Status Check() const {
    if (passed()) return DeadlineExceeded("its time was over");
    return Ok();
  }

 private:
  const Clock* clock_ = nullptr;
  std::chrono::nanoseconds end_{0};
};

}  // namespace twohop
