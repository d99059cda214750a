// What happened to the rows that were not taken.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/ingest/reject.h"

namespace twohop {

struct RejectOptions {
  bool strict = false;               // Stop at the first reject.
  std::size_t max_examples = 10;     // The first ones are kept in memory.
  std::filesystem::path file;        // All rejects as JSON lines; empty: not written.
  bool append = false;               // Go on with the file of an interrupted run; else replace it.
  std::size_t max_row_bytes = 2000;  // Of a row in the file, at least 3; longer rows are cut.
};

// A row as it is handed to a report.
struct RejectedRow {
  std::string_view file;
  std::uint64_t line = 0;  // From 1.
  const Reject& reject;
  std::string_view text;  // The row as it stands in the file.
};

struct RejectExample {
  std::string file;
  std::uint64_t line = 0;
  Reject reject;
};

// Counts rejects by reason, keeps the first ones and writes all of them to a file, one JSON object
// a line: {"file", "line", "reason", "message", "row"}. Also counts the fields that were ignored,
// so that a misspelt name shows.
//
// One report may serve several files. Not thread-safe.
class RejectReport {
 public:
  // Keeps all in memory, not strict.
  RejectReport() = default;

  // Creates or continues options.file, and its folder.
  //
  // Errors: kResourceExhausted if the disk is full; kUnavailable if the file cannot be written.
  static Result<RejectReport> Open(RejectOptions options);

  // Errors: kInvalidArgument "<file>:<line>: <message>" if the report is strict; kResourceExhausted
  // or kUnavailable if the file cannot be written. The reject is counted in each case.
  Status Add(const RejectedRow& row);

  // The counter of rows that had this field, which no reader knows; valid as long as the report
  // lives, moved or not. Above kMaxIgnoredFields names, all others share "(other)".
  static constexpr std::size_t kMaxIgnoredFields = 64;
  std::uint64_t& ignored_field(std::string_view name);

  // Writes out what is buffered.
  //
  // Errors: as Add, less strictness.
  Status Flush();

  bool strict() const { return options_.strict; }
  std::uint64_t total() const { return total_; }
  std::uint64_t count(RowFault reason) const { return counts_[static_cast<std::size_t>(reason)]; }
  // Reasons that occurred, most frequent first; ties in the order of RowFault.
  std::vector<std::pair<RowFault, std::uint64_t>> counts() const;
  const std::vector<RejectExample>& examples() const { return examples_; }  // In order of arrival.
  const std::map<std::string, std::uint64_t, std::less<>>& ignored_fields() const {
    return ignored_fields_;
  }

  // For a person, a few lines, each ended by a newline: rejects by reason, the examples, the
  // ignored fields, the file. Empty if there is nothing to tell.
  std::string Describe() const;

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  Status Write(const RejectedRow& row);

  RejectOptions options_;
  std::unique_ptr<std::FILE, CloseFile> out_;
  std::uint64_t total_ = 0;
  std::array<std::uint64_t, kRowFaultCount> counts_{};
  std::vector<RejectExample> examples_;
  std::map<std::string, std::uint64_t, std::less<>> ignored_fields_;
};

}  // namespace twohop
