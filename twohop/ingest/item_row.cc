#include "twohop/ingest/item_row.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/text.h"
#include "twohop/ingest/field_reader.h"

namespace twohop::ingest_internal {
namespace {

enum Field : std::uint8_t { kId, kCategory, kTitle, kBrand, kTags, kAvailable };

constexpr std::array<std::string_view, 6> kFields = {"id",    "category", "title",
                                                     "brand", "tags",     "available"};

constexpr std::size_t kMaxTitleBytes = 2000;
constexpr std::size_t kMaxCategoryBytes = 2000;
constexpr std::size_t kMaxBrandBytes = 256;
constexpr std::size_t kMaxTags = 100;
constexpr std::size_t kMaxTagBytes = 256;

CategoryIndex ReadCategory(FieldReader& fields, const Taxonomy& taxonomy) {
  const std::string name = fields.TextOrInteger(kCategory, kMaxCategoryBytes);
  if (name.empty()) {
    fields.Fail(RowFault::kMissingField, "field \"category\" is missing");
    return {};
  }
  if (const auto category = FindCategory(taxonomy, name)) return *category;
  fields.Fail(RowFault::kUnknownCategory,
              fmt::format("category \"{}\" is not in the taxonomy", Ellipsize(name, 200)));
  return {};
}

}  // namespace

std::optional<CategoryIndex> FindCategory(const Taxonomy& taxonomy, std::string_view name) {
  if (const auto category = taxonomy.FindById(name)) return category;
  if (const auto category = taxonomy.FindByName(name)) return category;
  auto levels = Split(name, '>');
  if (levels.size() == 1 || levels.size() == 3) return std::nullopt;
  levels.resize(3, levels.back());
  return taxonomy.FindByName(
      fmt::format("{} > {} > {}", Trim(levels[0]), Trim(levels[1]), Trim(levels[2])));
}

const RowSchema& ItemSchema() {
  static constexpr RowSchema kSchema{.fields = kFields, .required_columns = 2};
  return kSchema;
}

RowResult<Item> MakeItem(RawRow& row, const Taxonomy& taxonomy) {
  FieldReader fields(row);
  Item item;
  item.id = ItemId(fields.RequiredId(kId));
  item.title = fields.Text(kTitle, kMaxTitleBytes);
  item.category = ReadCategory(fields, taxonomy);
  item.brand = fields.Text(kBrand, kMaxBrandBytes);
  item.tags = fields.Texts(kTags, kMaxTags, kMaxTagBytes);
  item.available = fields.Bool(kAvailable, true);
  if (fields.failed()) return tl::unexpected(fields.TakeReject());
  return item;
}

}  // namespace twohop::ingest_internal
