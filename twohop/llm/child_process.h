// A process that we start, listen to and end. Internal to twohop/llm.

#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"

namespace twohop::llm_internal {

// A file descriptor that is closed at the end of its life.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  ~UniqueFd() { Close(); }

  int get() const { return fd_; }
  void Close();

 private:
  int fd_ = -1;
};

// A child whose stdin and stdout are pipes to us and whose stderr is appended to a file. It
// inherits no other open file, and has a process group of its own: Ctrl-C at the terminal does not
// reach it.
//
// All times are real. Not thread-safe; movable.
class ChildProcess {
 public:
  // Errors: kFailedPrecondition if argv[0] cannot be executed; kUnavailable or kResourceExhausted
  // if the log or the process cannot be made.
  static Result<ChildProcess> Spawn(const std::vector<std::string>& argv,
                                    const std::filesystem::path& log_file);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  // Kills and reaps a child that runs.
  ~ChildProcess();

  pid_t pid() const { return pid_; }

  // The next line of its stdout; nothing once that is closed, as it is when the child has ended.
  //
  // Errors: kDeadlineExceeded, kCancelled, kInternal if the line is above 64 KiB.
  Result<std::optional<std::string>> ReadLine(Milliseconds timeout, std::stop_token stop);

  // Blocks until its stdout is closed, dropping what it still says; false if a stop comes first.
  bool WaitForEnd(std::stop_token stop);

  // Closes its stdin; after `grace` sends SIGTERM, after `grace` again SIGKILL; reaps it. Returns
  // how it ended: "exit status 1", "signal 9". Does nothing but repeat this if called again.
  std::string End(Milliseconds grace);

 private:
  ChildProcess(pid_t pid, UniqueFd to_child, UniqueFd from_child)
      : pid_(pid), stdin_(std::move(to_child)), stdout_(std::move(from_child)) {}

  bool ReapWithin(Milliseconds limit);

  pid_t pid_ = -1;
  bool reaped_ = false;
  int wait_status_ = 0;
  UniqueFd stdin_;
  UniqueFd stdout_;
  std::string pending_;
};

}  // namespace twohop::llm_internal
