// A clock that stands still until a test moves it.

#pragma once

#include <chrono>
#include <stop_token>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/mutex.h"

namespace twohop {

// SleepFor returns at once, advances the clock by the duration and records it.
//
// Thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimePoint now = TimePoint(Milliseconds(1'700'000'000'000)));

  TimePoint Now() const override;
  std::chrono::nanoseconds Monotonic() const override;
  bool SleepFor(Milliseconds duration, std::stop_token stop) const override;

  void Advance(Milliseconds duration);
  std::vector<Milliseconds> sleeps() const;  // In the order in which they were asked for.

 private:
  mutable Mutex mutex_;
  mutable TimePoint now_ TWOHOP_GUARDED_BY(mutex_);
  mutable std::vector<Milliseconds> sleeps_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop
