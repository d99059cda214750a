#include "apps/common/interrupt.h"

#include <csignal>
#include <thread>

#include <pthread.h>
#include <unistd.h>

namespace twohop::app {
namespace {

constexpr int kInterruptedExitCode = 130;

sigset_t StopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

// A thread that waits for the signals: a handler could do next to nothing safely.
class Interrupt::Watcher {
 public:
  Watcher() {
    const sigset_t signals = StopSignals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    thread_ = std::jthread([this](std::stop_token done) { Watch(done); });
  }

  ~Watcher() {
    thread_.request_stop();
    pthread_kill(thread_.native_handle(), SIGTERM);  // Wakes sigwait.
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  // This thread is started before HangUp can block the signal, and would be ended by it.
  static void LeaveHangUpToOthers() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
  }

  void Watch(const std::stop_token& done) {
    LeaveHangUpToOthers();
    const sigset_t signals = StopSignals();
    int signal = 0;
    while (sigwait(&signals, &signal) == 0 && !done.stop_requested()) {
      if (source_.stop_requested()) ::_exit(kInterruptedExitCode);
      source_.request_stop();
    }
  }

  std::stop_source source_;
  std::jthread thread_;
};

Interrupt::Interrupt() : watcher_(std::make_unique<Watcher>()) {}
Interrupt::~Interrupt() = default;

std::stop_token Interrupt::token() const { return watcher_->token(); }

}  // namespace twohop::app
