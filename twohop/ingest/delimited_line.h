// One line of CSV or TSV.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/ingest/reject.h"

namespace twohop::ingest_internal {

// Splits lines at a separator as RFC 4180 says: a cell in double quotes may hold the separator, and
// a doubled quote stands for one. A quote inside a cell that does not begin with one is an ordinary
// character. A cell ends on its line: line breaks inside quotes are refused, because one stray
// quote would otherwise swallow all rows up to the next.
//
// Reuses its memory from line to line. Not thread-safe.
class DelimitedLine {
 public:
  // Gives the reject if the line is broken; cells() are then undefined.
  std::optional<Reject> Parse(std::string_view line, char separator);

  // Of the last line; at least one. Valid until the next Parse, and as long as its line.
  const std::vector<std::string_view>& cells() const { return cells_; }

 private:
  // Takes a quoted cell off the front of `rest`, or says what is wrong with its quotes.
  std::optional<std::string_view> TakeQuoted(std::string_view& rest, char separator);

  std::vector<std::string_view> cells_;
  std::string unescaped_;  // Never grows while a line is split, for cells_ point into it.
};

}  // namespace twohop::ingest_internal
