// SIGHUP as something to wait for.

#pragma once

#include <csignal>
#include <stop_token>

#include "twohop/base/clock.h"

namespace twohop::app {

enum class HangUpWait { kSignal, kTimeOver, kStopped };

// As long as it lives, SIGHUP does not end the process but waits to be asked for.
//
// Make one before the threads that should not be ended by it: it blocks the signal for the calling
// thread and for those started afterwards. One at a time. Belongs to the thread that made it, but
// for Wait().
class HangUp {
 public:
  HangUp();
  ~HangUp();
  HangUp(const HangUp&) = delete;
  HangUp& operator=(const HangUp&) = delete;

  // Blocks until the signal comes, `limit` has passed or a stop is requested. For one thread.
  HangUpWait Wait(Milliseconds limit, const std::stop_token& stop) const;

 private:
  sigset_t before_{};
};

}  // namespace twohop::app
