#include "twohop/ingest/reject_report.h"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "twohop/base/file.h"
#include "twohop/base/json.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

constexpr std::string_view kOtherFields = "(other)";

std::string Where(std::string_view file, std::uint64_t line) {
  return fmt::format("{}:{}", file, line);
}

std::string ToJsonLine(const RejectedRow& row, std::size_t max_row_bytes) {
  const Json json = {{"file", row.file},
                     {"line", row.line},
                     {"reason", RowFaultName(row.reject.reason)},
                     {"message", row.reject.message},
                     {"row", Ellipsize(row.text, max_row_bytes)}};
  return DumpJson(json) + "\n";
}

}  // namespace

Result<RejectReport> RejectReport::Open(RejectOptions options) {
  RejectReport report;
  report.options_ = std::move(options);
  const std::filesystem::path& file = report.options_.file;
  if (file.empty()) return report;
  if (file.has_parent_path()) TWOHOP_RETURN_IF_ERROR(MakeDirectories(file.parent_path()));
  report.out_.reset(std::fopen(file.c_str(), report.options_.append ? "ab" : "wb"));
  if (report.out_ == nullptr) {
    return ErrnoError(fmt::format("cannot write {}", file.string()), errno);
  }
  return report;
}

Status RejectReport::Add(const RejectedRow& row) {
  ++total_;
  ++counts_[static_cast<std::size_t>(row.reject.reason)];
  if (examples_.size() < options_.max_examples) {
    examples_.push_back({.file = std::string(row.file), .line = row.line, .reject = row.reject});
  }
  TWOHOP_RETURN_IF_ERROR(Write(row));
  if (!options_.strict) return Ok();
  return InvalidArgument(fmt::format("{}: {}", Where(row.file, row.line), row.reject.message));
}

Status RejectReport::Write(const RejectedRow& row) {
  if (out_ == nullptr) return Ok();
  const std::string line = ToJsonLine(row, options_.max_row_bytes);
  if (std::fwrite(line.data(), 1, line.size(), out_.get()) == line.size()) return Ok();
  return ErrnoError(fmt::format("cannot write {}", options_.file.string()), errno);
}

Status RejectReport::Flush() {
  if (out_ == nullptr || std::fflush(out_.get()) == 0) return Ok();
  return ErrnoError(fmt::format("cannot write {}", options_.file.string()), errno);
}

std::uint64_t& RejectReport::ignored_field(std::string_view name) {
  const auto found = ignored_fields_.find(name);
  if (found != ignored_fields_.end()) return found->second;
  if (ignored_fields_.size() >= kMaxIgnoredFields) name = kOtherFields;
  return ignored_fields_[std::string(name)];
}

std::vector<std::pair<RowFault, std::uint64_t>> RejectReport::counts() const {
  std::vector<std::pair<RowFault, std::uint64_t>> counts;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] > 0) counts.emplace_back(static_cast<RowFault>(i), counts_[i]);
  }
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return counts;
}

std::string RejectReport::Describe() const {
  std::string text;
  if (total_ > 0) {
    text += fmt::format("{} row{} rejected:\n", total_, total_ == 1 ? "" : "s");
    for (const auto& [reason, count] : counts()) {
      text += fmt::format("  {:>8}  {}\n", count, RowFaultName(reason));
    }
  }
  for (const RejectExample& example : examples_) {
    text += fmt::format("  {}: {}\n", Where(example.file, example.line), example.reject.message);
  }
  if (total_ > examples_.size()) text += fmt::format("  and {} more\n", total_ - examples_.size());
  if (total_ > 0 && out_ != nullptr) text += fmt::format("all in {}\n", options_.file.string());
  for (const auto& [name, count] : ignored_fields_) {
    text += fmt::format("field \"{}\" is not known and was ignored in {} row{}\n", name, count,
                        count == 1 ? "" : "s");
  }
  return text;
}

}  // namespace twohop
