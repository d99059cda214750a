#include "apps/common/child_process.h"

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop::app {
namespace {

Status Shell(const std::string& script, std::stop_token stop = {}) {
  return RunProgram("/bin/sh", {"-c", script}, stop);
}

TEST(RunProgramTest, ExitCodeZeroIsSuccess) { EXPECT_THAT(Shell("exit 0"), IsOk()); }

TEST(RunProgramTest, OtherExitCodesAreNamed) {
  EXPECT_THAT(Shell("exit 3"), FailsWith(ErrorCode::kInternal, "sh failed with exit code 3"));
}

TEST(RunProgramTest, ExitCode130MeansInterrupted) {
  EXPECT_THAT(Shell("exit 130"), FailsWith(ErrorCode::kCancelled, "interrupted"));
}

TEST(RunProgramTest, SignalIsAnExitCodeAbove128) {
  EXPECT_THAT(Shell("kill -9 $$"), FailsWith(ErrorCode::kInternal, "137"));
}

TEST(RunProgramTest, StopEndsTheChild) {
  std::stop_source source;
  source.request_stop();
  EXPECT_THAT(Shell("exec sleep 600", source.get_token()), FailsWith(ErrorCode::kCancelled, "sh"));
}

TEST(RunProgramTest, MissingProgramIsNotFound) {
  EXPECT_THAT(RunProgram("/nowhere/program", {}, {}),
              FailsWith(ErrorCode::kNotFound, "/nowhere/program"));
}

}  // namespace
}  // namespace twohop::app
