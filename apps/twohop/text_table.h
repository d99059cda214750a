// Columns for people to read.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace twohop::app {

// Rows of text under a header, padded to the widest cell of each column. Counts characters, not
// bytes; a wide (East Asian) character counts as one.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header) : rows_{std::move(header)} {}

  // REQUIRES: as many cells as the header has.
  void AddRow(std::vector<std::string> cells);

  // Every line starts with `indent` blanks and ends with a newline.
  std::string Format(std::size_t indent = 2) const;

 private:
  std::vector<std::size_t> Widths() const;

  std::vector<std::vector<std::string>> rows_;  // The header first.
};

}  // namespace twohop::app
