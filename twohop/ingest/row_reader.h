// Rows of a file in any of the row formats.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/line_reader.h"
#include "twohop/base/result.h"
#include "twohop/ingest/delimited_line.h"
#include "twohop/ingest/file_position.h"
#include "twohop/ingest/raw_row.h"
#include "twohop/ingest/reject_report.h"
#include "twohop/ingest/row_format.h"

namespace twohop::ingest_internal {

// Why a line cannot be a row whatever its format: too long, not UTF-8, a NUL byte.
std::optional<Reject> CheckLine(const Line& line);

// Reads a file row by row in constant memory. Lines that are blank are skipped, lines that cannot
// be taken apart go to the report.
//
// Not thread-safe. `schema` and `rejects` must outlive the reader.
class RowReader {
 public:
  // Errors: those of EventReader::Open.
  static Result<std::unique_ptr<RowReader>> Open(const std::filesystem::path& path,
                                                 const RowSchema& schema, RejectReport& rejects,
                                                 FilePosition from = {});

  // The next row, valid until the next call; null at the end of the file.
  //
  // Errors: those of RejectReport::Add; kInvalidArgument if the whole file turns out to hold no
  // row; kUnavailable if it cannot be read.
  Result<RawRow*> Next();

  // Hands the row that Next() gave last to the report.
  Status Reject(const ::twohop::Reject& reject);

  std::uint64_t line() const { return line_.number; }  // Of that row.
  FilePosition next() const { return {.offset = lines_.bytes_read(), .line = line_.number + 1}; }

  const std::string& file() const { return file_; }
  std::uint64_t bytes_read() const { return lines_.bytes_read(); }
  std::uint64_t file_bytes() const { return lines_.file_bytes(); }

 private:
  // A column of a table: a field of the schema, or the counter of a name that it does not know.
  struct Column {
    std::size_t field = 0;
    std::uint64_t* ignored = nullptr;
  };

  RowReader(const std::filesystem::path& path, RowFormat format, const RowSchema& schema,
            LineReader lines, RejectReport& rejects);
  Status ReadHeader(const RowSchema& schema);
  Status AddColumn(std::string_view name);
  Status GoTo(FilePosition from);
  std::optional<::twohop::Reject> ParseRow();
  std::optional<::twohop::Reject> ParseCells();
  tl::unexpected<Error> FailAtLine(std::string_view message) const;

  std::string file_;
  RowFormat format_;
  LineReader lines_;
  RejectReport& rejects_;
  RawRow row_;
  Line line_;
  DelimitedLine cells_;
  std::vector<Column> columns_;
  bool has_rows_ = false;
};

}  // namespace twohop::ingest_internal
