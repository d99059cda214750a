// Ctrl-C as a stop token.

#pragma once

#include <memory>
#include <stop_token>

namespace twohop::app {

// From construction on, the first SIGINT or SIGTERM requests a stop and the second one ends the
// process at once (exit code 130), for whoever does not want to wait.
//
// Make one, in main(), before any other thread: it blocks the two signals for all of them.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const;

 private:
  class Watcher;
  std::unique_ptr<Watcher> watcher_;
};

}  // namespace twohop::app
