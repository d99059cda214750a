#include "twohop/simulate/assortment.h"

#include <functional>
#include <string_view>

#include <fmt/format.h>

#include "twohop/base/line_reader.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

using Columns = std::vector<std::string_view>;

// Hands the columns of every row below the header to `take`; puts file and line before its errors.
Status ForEachRow(const std::filesystem::path& file, std::size_t column_count,
                  const std::function<Status(const Columns&)>& take) {
  TWOHOP_ASSIGN_OR_RETURN(LineReader reader, LineReader::Open(file));
  while (const auto line = reader.Next()) {
    if (line->number == 1 || Trim(line->text).empty()) continue;
    const std::string where = fmt::format("{}:{}", file.string(), line->number);
    const Columns columns = Split(line->text, '\t');
    if (columns.size() < column_count) {
      return InvalidArgument(
          fmt::format("{}: {} columns, expected {}", where, columns.size(), column_count));
    }
    if (const Status taken = take(columns); !taken.has_value()) return Annotate(taken, where);
  }
  return reader.status();
}

Result<std::vector<std::string>> ParseList(std::string_view column, std::string_view name) {
  std::vector<std::string> values;
  for (const std::string_view piece : Split(column, '|')) {
    if (const auto value = Trim(piece); !value.empty()) values.emplace_back(value);
  }
  if (values.empty()) return InvalidArgument(fmt::format("no {}", name));
  return values;
}

Status LoadRanges(const std::filesystem::path& file, const Taxonomy& taxonomy,
                  std::vector<ProductRange>& ranges) {
  ranges.resize(taxonomy.size());
  TWOHOP_RETURN_IF_ERROR(ForEachRow(file, 4, [&](const Columns& columns) -> Status {
    const auto category = taxonomy.FindById(columns[0]);
    if (!category.has_value()) {
      return InvalidArgument(fmt::format("unknown category \"{}\"", columns[0]));
    }
    ProductRange& range = ranges[category->value()];
    if (!range.products.empty()) {
      return InvalidArgument(fmt::format("category \"{}\" has two rows", columns[0]));
    }
    TWOHOP_ASSIGN_OR_RETURN(range.products, ParseList(columns[2], "products"));
    TWOHOP_ASSIGN_OR_RETURN(range.variants, ParseList(columns[3], "variants"));
    return Ok();
  }));
  for (std::uint32_t i = 0; i < taxonomy.size(); ++i) {
    if (!ranges[i].products.empty()) continue;
    return InvalidArgument(fmt::format("{}: no row for category \"{}\"", file.string(),
                                       taxonomy.at(CategoryIndex(i)).id));
  }
  return Ok();
}

Status LoadBrands(const std::filesystem::path& file, const Taxonomy& taxonomy,
                  std::vector<std::vector<std::string>>& brands) {
  brands.resize(taxonomy.level1_count());
  TWOHOP_RETURN_IF_ERROR(ForEachRow(file, 2, [&](const Columns& columns) -> Status {
    const auto level1 = taxonomy.FindLevel1(columns[0]);
    if (!level1.has_value()) {
      return InvalidArgument(fmt::format("unknown level-1 category \"{}\"", columns[0]));
    }
    if (!brands[level1->value()].empty()) {
      return InvalidArgument(fmt::format("level-1 category \"{}\" has two rows", columns[0]));
    }
    TWOHOP_ASSIGN_OR_RETURN(brands[level1->value()], ParseList(columns[1], "brands"));
    return Ok();
  }));
  for (std::uint32_t i = 0; i < taxonomy.level1_count(); ++i) {
    if (!brands[i].empty()) continue;
    return InvalidArgument(fmt::format("{}: no row for level-1 category \"{}\"", file.string(),
                                       taxonomy.level1_name(Level1Index(i))));
  }
  return Ok();
}

}  // namespace

Result<Assortment> LoadAssortment(const std::filesystem::path& products_file,
                                  const std::filesystem::path& brands_file,
                                  const Taxonomy& taxonomy) {
  Assortment assortment;
  TWOHOP_RETURN_IF_ERROR(LoadRanges(products_file, taxonomy, assortment.ranges));
  TWOHOP_RETURN_IF_ERROR(LoadBrands(brands_file, taxonomy, assortment.brands));
  return assortment;
}

}  // namespace twohop
