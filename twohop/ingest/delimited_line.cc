#include "twohop/ingest/delimited_line.h"

#include <algorithm>

#include <fmt/format.h>

namespace twohop::ingest_internal {
namespace {

constexpr char kQuote = '"';

}  // namespace

std::optional<Reject> DelimitedLine::Parse(std::string_view line, char separator) {
  cells_.clear();
  unescaped_.clear();
  unescaped_.reserve(line.size());
  while (true) {
    if (line.starts_with(kQuote)) {
      if (const auto complaint = TakeQuoted(line, separator)) {
        return Reject{RowFault::kBroken,
                      fmt::format("column {}: {}", cells_.size() + 1, *complaint)};
      }
    } else {
      const std::size_t end = std::min(line.find(separator), line.size());
      cells_.push_back(line.substr(0, end));
      line.remove_prefix(end);
    }
    if (line.empty()) return std::nullopt;
    line.remove_prefix(1);  // The separator.
  }
}

std::optional<std::string_view> DelimitedLine::TakeQuoted(std::string_view& rest, char separator) {
  const std::size_t start = unescaped_.size();
  rest.remove_prefix(1);
  while (true) {
    const std::size_t quote = rest.find(kQuote);
    if (quote == std::string_view::npos) {
      return "the quote is not closed on this line; a line break inside a cell is not supported";
    }
    unescaped_.append(rest, 0, quote);
    rest.remove_prefix(quote + 1);
    if (!rest.starts_with(kQuote)) break;
    unescaped_.push_back(kQuote);
    rest.remove_prefix(1);
  }
  if (!rest.empty() && rest[0] != separator) return "text follows the closing quote";
  cells_.push_back(std::string_view(unescaped_).substr(start));
  return std::nullopt;
}

}  // namespace twohop::ingest_internal
