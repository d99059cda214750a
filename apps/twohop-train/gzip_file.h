// Files that may be compressed.

#pragma once

#include <filesystem>
#include <string>

#include "twohop/base/result.h"

namespace twohop::app {

// All of `path`, or of `path` with ".gz" behind it if that is there instead, decompressed.
//
// Errors: kNotFound if neither is there; kDataLoss if it cannot be decompressed; kUnavailable if it
// cannot be read.
Result<std::string> ReadPossiblyGzipped(const std::filesystem::path& path);

}  // namespace twohop::app
