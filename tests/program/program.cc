#include "tests/program/program.h"

#include <cerrno>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "twohop/base/check.h"
#include "twohop/base/file.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

int Spawn(const std::vector<std::string>& command, const std::filesystem::path& out,
          const std::filesystem::path& err) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, out.c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&files, 2, err.c_str(), O_WRONLY | O_CREAT, 0600);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, argv[0], &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  TWOHOP_CHECK(error == 0);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) TWOHOP_CHECK(errno == EINTR);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ProgramResult RunTwohop(const std::vector<std::string>& arguments) {
  const TempDir dir;
  std::vector<std::string> command = {TWOHOP_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const auto out = dir.path() / "out";
  const auto err = dir.path() / "err";
  ProgramResult result;
  result.exit_code = Spawn(command, out, err);
  result.out = ReadFile(out).value_or("");
  result.err = ReadFile(err).value_or("");
  return result;
}

}  // namespace twohop
