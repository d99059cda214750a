// The outer edge of a program: errors as exit codes.

#pragma once

#include "twohop/base/result.h"

namespace twohop::app {

// 0 for success, 2 for a bad request or configuration, 130 for "asked to stop", 1 for the rest.
// Prints a failure to standard error, once, as "<program>: <message>".
int ReportAndExitCode(const char* program, const Status& status);

}  // namespace twohop::app
