#include "apps/common/child_process.h"

#include <cerrno>
#include <csignal>
#include <system_error>

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "twohop/base/file.h"

namespace twohop::app {
namespace {

// Starts with no signal blocked: Interrupt blocks two of them in this process.
Result<pid_t> Spawn(const std::string& program, const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  argv.push_back(const_cast<char*>(program.c_str()));
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t pid = 0;
  const int error =
      ::posix_spawn(&pid, program.c_str(), nullptr, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return ErrnoError(fmt::format("cannot run {}", program), error);
  return pid;
}

// The raw status of waitpid.
int WaitFor(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

Status RunProgram(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                  std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const pid_t pid, Spawn(program.string(), arguments));
  int status = 0;
  {
    const std::stop_callback terminate(stop, [pid] { ::kill(pid, SIGTERM); });
    // The child stays a zombie, and its pid its own, until the callback is gone.
    siginfo_t info{};
    while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) < 0 &&
           errno == EINTR) {
    }
  }
  status = WaitFor(pid);
  const std::string name = program.filename().string();
  const int exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (exit_code == 0) return Ok();
  if (exit_code == 130 || stop.stop_requested()) return Cancelled(name + " was interrupted");
  return Internal(fmt::format("{} failed with exit code {}", name, exit_code));
}

std::filesystem::path ProgramFolder() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
}

}  // namespace twohop::app
