#include "apps/common/hang_up.h"

#include <ctime>

#include <pthread.h>

namespace twohop::app {
namespace {

sigset_t OnlyHangUp() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGHUP);
  return set;
}

timespec ToTimespec(Milliseconds duration) {
  return {.tv_sec = static_cast<std::time_t>(duration.count() / 1000),
          .tv_nsec = static_cast<long>(duration.count() % 1000 * 1'000'000)};
}

}  // namespace

HangUp::HangUp() {
  const sigset_t signal = OnlyHangUp();
  pthread_sigmask(SIG_BLOCK, &signal, &before_);
}

HangUp::~HangUp() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

HangUpWait HangUp::Wait(Milliseconds limit, const std::stop_token& stop) const {
  const sigset_t signal = OnlyHangUp();
  const timespec time = ToTimespec(limit);
  // To this thread alone: it waits there until it is asked for, be that now or in a moment.
  const std::stop_callback wake(stop,
                                [waiting = pthread_self()] { pthread_kill(waiting, SIGHUP); });
  const int woken = sigtimedwait(&signal, nullptr, &time);
  if (stop.stop_requested()) return HangUpWait::kStopped;
  return woken == SIGHUP ? HangUpWait::kSignal : HangUpWait::kTimeOver;
}

}  // namespace twohop::app
