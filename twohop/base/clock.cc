#include "twohop/base/clock.h"

#include <condition_variable>
#include <mutex>

namespace twohop {

TimePoint SystemClock::Now() const {
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

std::chrono::nanoseconds SystemClock::Monotonic() const {
  return std::chrono::steady_clock::now().time_since_epoch();
}

bool SystemClock::SleepFor(Milliseconds duration, std::stop_token stop) const {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  return !stopped.wait_for(lock, stop, duration, [&] { return stop.stop_requested(); });
}

}  // namespace twohop
