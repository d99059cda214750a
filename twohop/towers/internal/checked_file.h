// Binary files that notice damage: a magic, a version, a payload and a checksum.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "twohop/base/result.h"

namespace twohop::towers_internal {

struct FileFormat {
  std::string_view magic;     // The file's first bytes.
  std::uint32_t version = 1;  // The one that is written, and the newest that is read.
};

// Replaces the file in one step.
//
// Errors: those of WriteFileAtomically.
Status WriteCheckedFile(const std::filesystem::path& path, const FileFormat& format,
                        std::string_view payload);

// The payload.
//
// Errors: kNotFound if there is no such file; kUnavailable if it cannot be read; kDataLoss if it is
// not of this format or fails its checksum; kUnimplemented if a newer version wrote it. All name
// the file.
Result<std::string> ReadCheckedFile(const std::filesystem::path& path, const FileFormat& format);

}  // namespace twohop::towers_internal
