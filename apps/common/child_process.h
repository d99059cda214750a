// Running another program of ours.

#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "twohop/base/result.h"

namespace twohop::app {

// Runs a program with this process's standard streams and waits for it. After a stop is requested
// the child gets SIGTERM and is waited for, since it may have something to save.
//
// Errors: kNotFound if there is no such program; kCancelled if the child ends with exit code 130 or
// after a stop; kInternal, with the exit code or signal, if it fails otherwise: it has said why.
Status RunProgram(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                  std::stop_token stop);

// The folder of the running program.
std::filesystem::path ProgramFolder();

}  // namespace twohop::app
