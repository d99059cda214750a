// Where in a file of rows to go on.

#pragma once

#include <cstdint>

namespace twohop {

// The start of a row. The default is the start of the file.
struct FilePosition {
  std::uint64_t offset = 0;  // In bytes.
  std::uint64_t line = 1;    // The number of the row's line, from 1.

  friend bool operator==(const FilePosition&, const FilePosition&) = default;
};

}  // namespace twohop
