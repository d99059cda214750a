// Time as an argument.

#pragma once

#include <chrono>
#include <stop_token>

namespace twohop {

using Milliseconds = std::chrono::milliseconds;
// A point in UTC, to the millisecond.
using TimePoint = std::chrono::sys_time<Milliseconds>;

// Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // The time of day. May jump when the machine's clock is set.
  virtual TimePoint Now() const = 0;

  // Never runs backwards; only differences mean something.
  virtual std::chrono::nanoseconds Monotonic() const = 0;

  // Blocks for `duration` or until a stop is requested; returns false in the second case.
  virtual bool SleepFor(Milliseconds duration, std::stop_token stop) const = 0;
};

class SystemClock final : public Clock {
 public:
  TimePoint Now() const override;
  std::chrono::nanoseconds Monotonic() const override;
  bool SleepFor(Milliseconds duration, std::stop_token stop) const override;
};

// Measures from its construction.
class Stopwatch {
 public:
  explicit Stopwatch(const Clock& clock) : clock_(clock), start_(clock.Monotonic()) {}

  std::chrono::nanoseconds elapsed() const { return clock_.Monotonic() - start_; }
  double elapsed_seconds() const { return std::chrono::duration<double>(elapsed()).count(); }

 private:
  const Clock& clock_;
  std::chrono::nanoseconds start_;
};

}  // namespace twohop
