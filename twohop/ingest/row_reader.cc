#include "twohop/ingest/row_reader.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/text.h"
#include "twohop/ingest/json_row.h"

namespace twohop::ingest_internal {
namespace {

char Separator(RowFormat format) { return format == RowFormat::kCsv ? ',' : '\t'; }

// True if a line begins at `offset`.
bool IsLineStart(const std::filesystem::path& path, std::uint64_t offset) {
  std::ifstream in(path, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(offset - 1));
  return in.get() == '\n';
}

}  // namespace

std::optional<Reject> CheckLine(const Line& line) {
  if (line.too_long) {
    return Reject{RowFault::kTooLong,
                  fmt::format("line is longer than {} bytes", LineReader::kDefaultMaxLineBytes)};
  }
  if (line.text.find('\0') != std::string_view::npos) {
    return Reject{RowFault::kNotText, "line holds a NUL byte"};
  }
  if (!IsValidUtf8(line.text)) return Reject{RowFault::kNotText, "line is not valid UTF-8"};
  return std::nullopt;
}

RowReader::RowReader(const std::filesystem::path& path, RowFormat format, const RowSchema& schema,
                     LineReader lines, RejectReport& rejects)
    : file_(path.string()),
      format_(format),
      lines_(std::move(lines)),
      rejects_(rejects),
      row_(schema) {}

Result<std::unique_ptr<RowReader>> RowReader::Open(const std::filesystem::path& path,
                                                   const RowSchema& schema, RejectReport& rejects,
                                                   FilePosition from) {
  // The file first: "no such file" helps more than a word on the extension of a folder.
  TWOHOP_ASSIGN_OR_RETURN(LineReader lines, LineReader::Open(path));
  TWOHOP_ASSIGN_OR_RETURN(const RowFormat format, FindRowFormat(path));
  if (lines.file_bytes() == 0) {
    return InvalidArgument(fmt::format("{} is empty", path.string()));
  }
  std::unique_ptr<RowReader> reader(new RowReader(path, format, schema, std::move(lines), rejects));
  if (format != RowFormat::kJsonLines) TWOHOP_RETURN_IF_ERROR(reader->ReadHeader(schema));
  if (from.offset > 0) TWOHOP_RETURN_IF_ERROR(reader->GoTo(from));
  return reader;
}

Status RowReader::GoTo(FilePosition from) {
  const bool at_end = from.offset == file_bytes();
  if (from.offset > file_bytes() || from.line < 2 ||
      (!at_end && !IsLineStart(file_, from.offset))) {
    return InvalidArgument(fmt::format(
        "{}: no line starts at offset {}; was the file changed since its import was interrupted?",
        file_, from.offset));
  }
  lines_.SeekTo(from.offset, from.line);
  line_.number = from.line - 1;
  has_rows_ = true;
  return Ok();
}

tl::unexpected<Error> RowReader::FailAtLine(std::string_view message) const {
  return InvalidArgument(fmt::format("{}:{}: {}", file_, line_.number, message));
}

Status RowReader::ReadHeader(const RowSchema& schema) {
  const auto line = lines_.Next();
  if (!line) return InvalidArgument(fmt::format("{} is empty", file_));
  line_ = *line;
  if (const auto broken = CheckLine(line_)) return FailAtLine(broken->message);
  if (const auto broken = cells_.Parse(line_.text, Separator(format_))) {
    return FailAtLine(broken->message);
  }
  for (const std::string_view cell : cells_.cells()) TWOHOP_RETURN_IF_ERROR(AddColumn(Trim(cell)));
  for (const std::string_view field : schema.fields.first(schema.required_columns)) {
    const bool found = std::any_of(columns_.begin(), columns_.end(), [&](const Column& column) {
      return column.ignored == nullptr && row_.name(column.field) == field;
    });
    if (!found) return FailAtLine(fmt::format("the header lacks column \"{}\"", field));
  }
  return Ok();
}

Status RowReader::AddColumn(std::string_view name) {
  const std::size_t field = row_.Find(name);
  if (field == row_.size()) {
    columns_.push_back({.field = field, .ignored = &rejects_.ignored_field(name)});
    return Ok();
  }
  for (const Column& column : columns_) {
    if (column.field == field) {
      return FailAtLine(fmt::format("the header names column \"{}\" twice", name));
    }
  }
  columns_.push_back({.field = field, .ignored = nullptr});
  return Ok();
}

Result<RawRow*> RowReader::Next() {
  while (const auto line = lines_.Next()) {
    line_ = *line;
    if (Trim(line_.text).empty()) continue;
    has_rows_ = true;
    const auto broken = ParseRow();
    if (!broken) return &row_;
    TWOHOP_RETURN_IF_ERROR(Reject(*broken));
  }
  TWOHOP_RETURN_IF_ERROR(lines_.status());
  if (!has_rows_) return InvalidArgument(fmt::format("{} has no rows", file_));
  return nullptr;
}

std::optional<Reject> RowReader::ParseRow() {
  if (auto broken = CheckLine(line_)) return broken;
  if (format_ != RowFormat::kJsonLines) return ParseCells();
  auto broken = ParseJsonRow(line_.text, row_);
  for (const std::string& name : row_.ignored()) ++rejects_.ignored_field(name);
  return broken;
}

std::optional<Reject> RowReader::ParseCells() {
  if (auto broken = cells_.Parse(line_.text, Separator(format_))) return broken;
  const auto& cells = cells_.cells();
  if (cells.size() != columns_.size()) {
    return ::twohop::Reject{RowFault::kBroken, fmt::format("row has {} columns, the header {}",
                                                           cells.size(), columns_.size())};
  }
  row_.Clear();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (columns_[i].ignored != nullptr) {
      ++*columns_[i].ignored;
    } else if (!cells[i].empty()) {
      row_.at(columns_[i].field).Set(RawKind::kCell, cells[i]);
    }
  }
  return std::nullopt;
}

Status RowReader::Reject(const ::twohop::Reject& reject) {
  return rejects_.Add({.file = file_, .line = line_.number, .reject = reject, .text = line_.text});
}

}  // namespace twohop::ingest_internal
