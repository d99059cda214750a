#include "twohop/ingest/taxonomy_table.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/text.h"
#include "twohop/ingest/delimited_line.h"
#include "twohop/ingest/field_reader.h"

namespace twohop::ingest_internal {
namespace {

enum Column : std::uint8_t { kLevel1, kLevel2, kLevel3, kId, kAlternativeName, kTerms, kTags };

constexpr std::array<std::string_view, 7> kColumns = {"level1",           "level2", "level3", "id",
                                                      "alternative_name", "terms",  "tags"};
constexpr std::size_t kRequiredColumns = 3;

// The column that a header's cell means, or kColumns.size().
std::size_t FindColumn(std::string_view name) {
  if (name == "zh") return kAlternativeName;
  return static_cast<std::size_t>(std::find(kColumns.begin(), kColumns.end(), name) -
                                  kColumns.begin());
}

bool NamesLevel(std::string_view line, char separator) {
  const auto cells = Split(line, separator);
  return std::any_of(cells.begin(), cells.end(), [](std::string_view cell) {
    return FindColumn(Trim(cell)) < kRequiredColumns;
  });
}

std::vector<std::string> SplitTexts(std::string_view cell) {
  std::vector<std::string> texts;
  for (const std::string_view piece : Split(cell, '|')) {
    std::string text = CleanText(piece);
    if (!text.empty()) texts.push_back(std::move(text));
  }
  return texts;
}

bool HasEndlessName(const Category& category) {
  return std::max({category.level1.size(), category.level2.size(), category.level3.size()}) >
         kMaxCategoryNameBytes;
}

class TableParser {
 public:
  TableParser(const TaxonomyText& text, char separator) : text_(text), separator_(separator) {}

  Result<std::vector<Category>> Parse() {
    TWOHOP_RETURN_IF_ERROR(ReadHeader(text_.lines.front()));
    for (std::size_t i = 1; i < text_.lines.size(); ++i) {
      TWOHOP_RETURN_IF_ERROR(ReadRow(text_.lines[i]));
    }
    return std::move(categories_);
  }

 private:
  Status ReadHeader(const TextLine& line) {
    if (const auto broken = cells_.Parse(line.text, separator_)) {
      return text_.Fail(line, broken->message);
    }
    positions_.fill(kAbsent);
    const auto& cells = cells_.cells();
    column_count_ = cells.size();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t column = FindColumn(Trim(cells[i]));
      if (column == kColumns.size()) continue;
      if (positions_[column] != kAbsent) {
        return text_.Fail(line, fmt::format("the header names column \"{}\" twice", cells[i]));
      }
      positions_[column] = i;
    }
    for (std::size_t column = 0; column < kRequiredColumns; ++column) {
      if (positions_[column] != kAbsent) continue;
      return text_.Fail(line, fmt::format("the header lacks column \"{}\"", kColumns[column]));
    }
    return Ok();
  }

  Status ReadRow(const TextLine& line) {
    if (const auto broken = cells_.Parse(line.text, separator_)) {
      return text_.Fail(line, broken->message);
    }
    if (cells_.cells().size() != column_count_) {
      return text_.Fail(line, fmt::format("row has {} columns, the header {}",
                                          cells_.cells().size(), column_count_));
    }
    Category category = MakeCategory();
    if (category.level1.empty()) return text_.Fail(line, "\"level1\" is empty");
    if (HasEndlessName(category)) {
      return text_.Fail(line, fmt::format("a name is longer than {} bytes", kMaxCategoryNameBytes));
    }
    TWOHOP_RETURN_IF_ERROR(CheckUnique(line, category));
    categories_.push_back(std::move(category));
    return Ok();
  }

  Category MakeCategory() const {
    Category category;
    category.level1 = CleanText(Cell(kLevel1));
    category.level2 = CleanText(Cell(kLevel2));
    category.level3 = CleanText(Cell(kLevel3));
    if (category.level2.empty()) category.level2 = category.level1;
    if (category.level3.empty()) category.level3 = category.level2;
    category.id = CleanText(Cell(kId));
    if (category.id.empty()) category.id = Path(category);
    category.alternative_name = CleanText(Cell(kAlternativeName));
    category.terms = SplitTexts(Cell(kTerms));
    category.tags = SplitTexts(Cell(kTags));
    return category;
  }

  Status CheckUnique(const TextLine& line, const Category& category) {
    if (const auto first = ids_.Add(category.id, line.number)) {
      return text_.Fail(
          line, fmt::format("category id \"{}\" is on line {} already", category.id, *first));
    }
    if (const auto first = paths_.Add(Path(category), line.number)) {
      return text_.Fail(
          line, fmt::format("category \"{}\" is on line {} already", Path(category), *first));
    }
    return Ok();
  }

  static std::string Path(const Category& category) {
    return JoinLevels({category.level1, category.level2, category.level3});
  }

  std::string_view Cell(Column column) const {
    const std::size_t position = positions_[column];
    return position == kAbsent ? std::string_view() : cells_.cells()[position];
  }

  static constexpr std::size_t kAbsent = std::string::npos;

  const TaxonomyText& text_;
  char separator_;
  DelimitedLine cells_;
  std::array<std::size_t, kColumns.size()> positions_{};
  std::size_t column_count_ = 0;
  std::vector<Category> categories_;
  LineIndex ids_;
  LineIndex paths_;
};

}  // namespace

std::optional<char> FindTableSeparator(std::string_view first_line) {
  if (NamesLevel(first_line, '\t')) return '\t';
  if (NamesLevel(first_line, ',')) return ',';
  const bool is_path = first_line.starts_with('#') || first_line.find('>') != std::string::npos;
  if (!is_path && first_line.find('\t') != std::string_view::npos) return '\t';
  return std::nullopt;
}

Result<std::vector<Category>> ParseTaxonomyTable(const TaxonomyText& text, char separator) {
  return TableParser(text, separator).Parse();
}

}  // namespace twohop::ingest_internal
