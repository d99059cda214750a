// A stop that comes by itself.

#pragma once

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>

#include "twohop/base/clock.h"

namespace twohop {

// Requests a stop when a time has passed, or when its caller's own stop is requested. Costs a
// thread for as long as it lives.
//
// Thread-safe. `clock` must outlive it.
class Deadline {
 public:
  // REQUIRES: limit > 0.
  Deadline(const Clock& clock, Milliseconds limit, std::stop_token stop);

  std::stop_token token() const { return source_.get_token(); }

  // True if it was the time that requested the stop.
  bool passed() const { return passed_; }

 private:
  std::stop_source source_;
  std::atomic<bool> passed_ = false;
  const std::stop_callback<std::function<void()>> forward_;
  std::jthread timer_;  // Last: it uses all of the above.
};

}  // namespace twohop
