// Which of the row formats a file is in.

#pragma once

#include <cstdint>
#include <filesystem>

#include "twohop/base/result.h"

namespace twohop {

enum class RowFormat : std::uint8_t { kJsonLines, kCsv, kTsv };

// From the extension, in any case of letters: .jsonl, .ndjson and .json (an object a line), .csv,
// .tsv.
//
// Errors: kInvalidArgument for any other, naming those that are known.
Result<RowFormat> FindRowFormat(const std::filesystem::path& path);

}  // namespace twohop
