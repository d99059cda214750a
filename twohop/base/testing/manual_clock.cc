#include "twohop/base/testing/manual_clock.h"

namespace twohop {

ManualClock::ManualClock(TimePoint now) : now_(now) {}

TimePoint ManualClock::Now() const {
  MutexLock lock(mutex_);
  return now_;
}

std::chrono::nanoseconds ManualClock::Monotonic() const { return Now().time_since_epoch(); }

bool ManualClock::SleepFor(Milliseconds duration, std::stop_token stop) const {
  MutexLock lock(mutex_);
  sleeps_.push_back(duration);
  now_ += duration;
  return !stop.stop_requested();
}

void ManualClock::Advance(Milliseconds duration) {
  MutexLock lock(mutex_);
  now_ += duration;
}

std::vector<Milliseconds> ManualClock::sleeps() const {
  MutexLock lock(mutex_);
  return sleeps_;
}

}  // namespace twohop
