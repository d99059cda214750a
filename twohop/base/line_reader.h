// Lines of a file of any size, one at a time.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "twohop/base/result.h"

namespace twohop {

struct Line {
  std::uint64_t number = 0;  // From 1.
  std::uint64_t offset = 0;  // Of its first byte in the file.
  std::string_view text;     // Without "\n" or "\r\n"; cut to the limit if too_long.
  bool too_long = false;
};

// Reads a text file line by line in constant memory: a line above the limit is cut, marked and
// skipped, and the next one is read as usual. A UTF-8 byte order mark is skipped. The last line
// may lack its newline.
//
// Not thread-safe.
class LineReader {
 public:
  static constexpr std::size_t kDefaultMaxLineBytes = std::size_t{1} << 20U;

  // Errors: kNotFound if there is no such file; kInvalidArgument if it is not a regular file.
  static Result<LineReader> Open(const std::filesystem::path& path,
                                 std::size_t max_line_bytes = kDefaultMaxLineBytes);

  // The next line, valid until the next call; nothing at the end of the file.
  std::optional<Line> Next();

  // Errors: kUnavailable if reading stopped because of the disk and not at the end.
  Status status() const;

  // Continues at a line that an earlier reader of the same file gave the offset and number of.
  void SeekTo(std::uint64_t offset, std::uint64_t next_line_number);

  std::uint64_t bytes_read() const { return position_; }  // Including newlines.
  std::uint64_t file_bytes() const { return file_bytes_; }

 private:
  LineReader(std::ifstream in, std::string name, std::uint64_t file_bytes, std::size_t limit);
  bool Fill();
  // Reads up to the next newline, puts the first limit_ + 1 bytes into line_ and returns how many
  // there were.
  std::uint64_t TakeLine();

  std::ifstream in_;
  std::string name_;
  std::string buffer_;
  std::string line_;
  std::size_t at_ = 0;
  std::size_t limit_;
  std::uint64_t file_bytes_;
  std::uint64_t position_ = 0;
  std::uint64_t next_number_ = 1;
};

}  // namespace twohop
