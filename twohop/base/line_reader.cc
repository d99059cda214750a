#include "twohop/base/line_reader.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace twohop {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 18U;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

LineReader::LineReader(std::ifstream in, std::string name, std::uint64_t file_bytes,
                       std::size_t limit)
    : in_(std::move(in)), name_(std::move(name)), limit_(limit), file_bytes_(file_bytes) {}

Result<LineReader> LineReader::Open(const std::filesystem::path& path, std::size_t max_line_bytes) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return NotFound(fmt::format("no file {}", path.string()));
  if (!std::filesystem::is_regular_file(status)) {
    return InvalidArgument(fmt::format("{} is not a regular file", path.string()));
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) return Unavailable(fmt::format("cannot open {}", path.string()));
  return LineReader(std::move(in), path.string(), std::filesystem::file_size(path, error),
                    max_line_bytes);
}

bool LineReader::Fill() {
  buffer_.resize(kBufferBytes);
  in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_.resize(static_cast<std::size_t>(in_.gcount()));
  at_ = 0;
  if (position_ == 0 && buffer_.starts_with(kByteOrderMark)) {
    at_ = kByteOrderMark.size();
    position_ = kByteOrderMark.size();
  }
  return at_ < buffer_.size();
}

std::optional<Line> LineReader::Next() {
  if (at_ == buffer_.size() && !Fill()) return std::nullopt;
  Line line{.number = next_number_++, .offset = position_, .text = {}};
  const std::uint64_t length = TakeLine();
  // One byte above the limit was kept to see whether it is the "\r" of the line end.
  if (line_.size() == length && line_.ends_with('\r')) line_.pop_back();
  line.too_long = line_.size() > limit_;
  if (line.too_long) line_.resize(limit_);
  line.text = line_;
  return line;
}

std::uint64_t LineReader::TakeLine() {
  line_.clear();
  std::uint64_t length = 0;
  bool ended = false;
  do {
    const std::size_t newline = buffer_.find('\n', at_);
    ended = newline != std::string::npos;
    const std::size_t size = (ended ? newline : buffer_.size()) - at_;
    line_.append(buffer_, at_, std::min(size, limit_ + 1 - line_.size()));
    length += size;
    at_ += size + (ended ? 1 : 0);
    position_ += size + (ended ? 1 : 0);
  } while (!ended && Fill());
  return length;
}

Status LineReader::status() const {
  if (in_.bad()) return Unavailable(fmt::format("cannot read {}", name_));
  return Ok();
}

void LineReader::SeekTo(std::uint64_t offset, std::uint64_t next_line_number) {
  in_.clear();
  in_.seekg(static_cast<std::streamoff>(offset));
  buffer_.clear();
  at_ = 0;
  position_ = offset;
  next_number_ = next_line_number;
}

}  // namespace twohop
