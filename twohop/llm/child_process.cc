#include "twohop/llm/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "twohop/base/file.h"

namespace twohop::llm_internal {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kMaxLineBytes = std::size_t{64} << 10U;

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

// Closed on exec, so that no child but the one it is duplicated into keeps it open.
Result<Pipe> MakePipe() {
  std::array<int, 2> fds{};
  if (pipe2(fds.data(), O_CLOEXEC) != 0) return ErrnoError("cannot make a pipe", errno);
  return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

// Becomes readable when a stop is requested.
class StopFd {
 public:
  explicit StopFd(std::stop_token stop)
      : fd_(eventfd(0, EFD_CLOEXEC)), wake_(std::move(stop), Wake{fd_.get()}) {}

  int get() const { return fd_.get(); }

 private:
  struct Wake {
    int fd;
    void operator()() const {
      const eventfd_t one = 1;
      eventfd_write(fd, one);
    }
  };
  UniqueFd fd_;
  std::stop_callback<Wake> wake_;
};

enum class Readiness { kReadable, kTimeout, kStopped };

Readiness WaitReadable(int fd, int timeout_ms, const StopFd& stop_fd, const std::stop_token& stop) {
  std::array<pollfd, 2> fds{pollfd{fd, POLLIN, 0}, pollfd{stop_fd.get(), POLLIN, 0}};
  poll(fds.data(), fds.size(), timeout_ms);
  if (stop.stop_requested()) return Readiness::kStopped;
  return fds[0].revents != 0 ? Readiness::kReadable : Readiness::kTimeout;
}

// Appends what is there; false at the end of the stream.
bool ReadSome(int fd, std::string& target) {
  std::array<char, 4096> bytes{};
  const ssize_t size = read(fd, bytes.data(), bytes.size());
  if (size < 0) return errno == EINTR || errno == EAGAIN;
  target.append(bytes.data(), static_cast<std::size_t>(size));
  return size > 0;
}

// What posix_spawn does between fork and exec.
class SpawnSetup {
 public:
  SpawnSetup() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnSetup() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;

  int Run(pid_t& pid, int in, int out, int err, const std::vector<std::string>& argv) {
    posix_spawn_file_actions_adddup2(&actions_, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, err, STDERR_FILENO);
    // Not every library marks its sockets close-on-exec.
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    std::vector<char*> arguments;
    arguments.reserve(argv.size() + 1);
    for (const std::string& argument : argv) {
      arguments.push_back(const_cast<char*>(argument.c_str()));  // exec() does not write to them.
    }
    arguments.push_back(nullptr);
    return posix_spawn(&pid, arguments[0], &actions_, &attributes_, arguments.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

std::string DescribeEnd(int wait_status) {
  if (WIFSIGNALED(wait_status)) return fmt::format("signal {}", WTERMSIG(wait_status));
  return fmt::format("exit status {}", WEXITSTATUS(wait_status));
}

}  // namespace

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void UniqueFd::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

Result<ChildProcess> ChildProcess::Spawn(const std::vector<std::string>& argv,
                                         const std::filesystem::path& log_file) {
  TWOHOP_ASSIGN_OR_RETURN(Pipe to_child, MakePipe());
  TWOHOP_ASSIGN_OR_RETURN(Pipe from_child, MakePipe());
  constexpr mode_t kMode = 0644;
  const UniqueFd log(open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kMode));
  if (log.get() < 0) return ErrnoError("cannot write " + log_file.string(), errno);
  pid_t pid = -1;
  const int failure =
      SpawnSetup().Run(pid, to_child.read.get(), from_child.write.get(), log.get(), argv);
  if (failure == ENOENT || failure == EACCES || failure == ENOEXEC) {
    return FailedPrecondition(ErrnoError("cannot run " + argv[0], failure).value().message());
  }
  if (failure != 0) return ErrnoError("cannot start a process for " + argv[0], failure);
  return ChildProcess(pid, std::move(to_child.write), std::move(from_child.read));
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      reaped_(other.reaped_),
      wait_status_(other.wait_status_),
      stdin_(std::move(other.stdin_)),
      stdout_(std::move(other.stdout_)),
      pending_(std::move(other.pending_)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this == &other) return *this;
  End(Milliseconds(0));
  pid_ = std::exchange(other.pid_, -1);
  reaped_ = other.reaped_;
  wait_status_ = other.wait_status_;
  stdin_ = std::move(other.stdin_);
  stdout_ = std::move(other.stdout_);
  pending_ = std::move(other.pending_);
  return *this;
}

ChildProcess::~ChildProcess() { End(Milliseconds(0)); }

Result<std::optional<std::string>> ChildProcess::ReadLine(Milliseconds timeout,
                                                          std::stop_token stop) {
  const StopFd stop_fd(stop);
  const auto deadline = SteadyClock::now() + timeout;
  for (;;) {
    if (const std::size_t end = pending_.find('\n'); end != std::string::npos) {
      std::string line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return line;
    }
    if (pending_.size() > kMaxLineBytes) return Internal("the process says a line without end");
    const auto left = std::chrono::ceil<Milliseconds>(deadline - SteadyClock::now());
    if (left <= Milliseconds(0)) return DeadlineExceeded("the process says nothing");
    const int wait_ms = static_cast<int>(std::min<Milliseconds::rep>(left.count(), 1'000));
    switch (WaitReadable(stdout_.get(), wait_ms, stop_fd, stop)) {
      case Readiness::kStopped:
        return Cancelled("stop requested");
      case Readiness::kTimeout:
        break;
      case Readiness::kReadable:
        if (!ReadSome(stdout_.get(), pending_)) return std::nullopt;
    }
  }
}

bool ChildProcess::WaitForEnd(std::stop_token stop) {
  const StopFd stop_fd(stop);
  constexpr int kLongestWaitMs = 10'000;
  for (;;) {
    pending_.clear();
    const Readiness readiness = WaitReadable(stdout_.get(), kLongestWaitMs, stop_fd, stop);
    if (readiness == Readiness::kStopped) return false;
    if (readiness == Readiness::kReadable && !ReadSome(stdout_.get(), pending_)) return true;
  }
}

std::string ChildProcess::End(Milliseconds grace) {
  if (pid_ < 0) return "not started";
  stdin_.Close();
  if (!ReapWithin(grace)) kill(pid_, SIGTERM);
  if (!ReapWithin(grace)) kill(pid_, SIGKILL);
  while (!reaped_) {
    if (waitpid(pid_, &wait_status_, 0) == pid_ || errno != EINTR) reaped_ = true;
  }
  return DescribeEnd(wait_status_);
}

bool ChildProcess::ReapWithin(Milliseconds limit) {
  constexpr Milliseconds kStep{5};
  const auto deadline = SteadyClock::now() + limit;
  while (!reaped_) {
    if (waitpid(pid_, &wait_status_, WNOHANG) == pid_) {
      reaped_ = true;
    } else if (SteadyClock::now() >= deadline) {
      return false;
    } else {
      std::this_thread::sleep_for(kStep);
    }
  }
  return true;
}

}  // namespace twohop::llm_internal
