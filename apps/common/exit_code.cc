#include "apps/common/exit_code.h"

#include <cstdio>

#include <fmt/core.h>

namespace twohop::app {

int ReportAndExitCode(const char* program, const Status& status) {
  if (status.has_value()) return 0;
  fmt::print(stderr, "{}: {}\n", program, status.error().message());
  switch (status.error().code()) {
    case ErrorCode::kInvalidArgument:
      return 2;
    case ErrorCode::kCancelled:
      return 130;
    default:
      return 1;
  }
}

}  // namespace twohop::app
