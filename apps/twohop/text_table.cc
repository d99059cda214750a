#include "apps/twohop/text_table.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "twohop/base/check.h"

namespace twohop::app {
namespace {

std::size_t CharacterCount(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

}  // namespace

void TextTable::AddRow(std::vector<std::string> cells) {
  TWOHOP_CHECK(cells.size() == rows_.front().size());
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> TextTable::Widths() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], CharacterCount(row[i]));
    }
  }
  return widths;
}

std::string TextTable::Format(std::size_t indent) const {
  const std::vector<std::size_t> widths = Widths();
  std::string out;
  for (const auto& row : rows_) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - CharacterCount(row[i]) + 2, ' ');
    }
    out += line;
    out += '\n';
  }
  return out;
}

}  // namespace twohop::app
