#include "twohop/recall/catalog_codec.h"

#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "twohop/base/binary.h"

namespace twohop::recall_internal {
namespace {

constexpr std::string_view kMagic = "twohop catalog";
constexpr std::uint64_t kVersion = 1;

void WriteStrings(const std::vector<std::string>& strings, BinaryWriter& out) {
  out.Unsigned(strings.size());
  for (const std::string& string : strings) out.Bytes(string);
}

std::vector<std::string> ReadStrings(BinaryReader& in) {
  std::vector<std::string> strings(in.Count());
  for (std::string& string : strings) string = std::string(in.Bytes());
  return strings;
}

void WriteCategory(const Category& category, BinaryWriter& out) {
  out.Bytes(category.id);
  out.Bytes(category.level1);
  out.Bytes(category.level2);
  out.Bytes(category.level3);
  out.Bytes(category.alternative_name);
  WriteStrings(category.terms, out);
  WriteStrings(category.tags, out);
  WriteStrings(category.aliases, out);
}

Category ReadCategory(BinaryReader& in) {
  Category category;
  category.id = std::string(in.Bytes());
  category.level1 = std::string(in.Bytes());
  category.level2 = std::string(in.Bytes());
  category.level3 = std::string(in.Bytes());
  category.alternative_name = std::string(in.Bytes());
  category.terms = ReadStrings(in);
  category.tags = ReadStrings(in);
  category.aliases = ReadStrings(in);
  return category;
}

void WriteItem(const Item& item, BinaryWriter& out) {
  out.Bytes(item.id.value());
  out.Bytes(item.title);
  out.Unsigned(item.category.value());
  out.Bytes(item.brand);
  WriteStrings(item.tags, out);
  out.Unsigned(item.available ? 1 : 0);
}

Item ReadItem(BinaryReader& in) {
  Item item;
  item.id = ItemId(std::string(in.Bytes()));
  item.title = std::string(in.Bytes());
  item.category = CategoryIndex(static_cast<std::uint32_t>(in.Unsigned()));
  item.brand = std::string(in.Bytes());
  item.tags = ReadStrings(in);
  item.available = in.Unsigned() != 0;
  return item;
}

// What was valid when it was written and is not now was changed in between.
template <typename T>
Result<T> AsDataLoss(Result<T> result) {
  if (result.has_value()) return result;
  return DataLoss("catalogue: " + result.error().message());
}

}  // namespace

std::string EncodeCatalog(const Catalog& catalog) {
  BinaryWriter out;
  out.Bytes(kMagic);
  out.Unsigned(kVersion);
  const Taxonomy& taxonomy = catalog.taxonomy();
  out.Unsigned(taxonomy.size());
  for (std::uint32_t i = 0; i < taxonomy.size(); ++i) {
    WriteCategory(taxonomy.at(CategoryIndex(i)), out);
  }
  out.Unsigned(catalog.size());
  for (const Item& item : catalog.items()) WriteItem(item, out);
  return std::move(out).str();
}

Result<Catalog> DecodeCatalog(std::string_view bytes) {
  BinaryReader in(bytes);
  if (in.Bytes() != kMagic) return DataLoss("not a catalogue");
  const std::uint64_t version = in.Unsigned();
  if (version > kVersion) {
    return Unimplemented(
        fmt::format("catalogue of version {}; this build reads version {}", version, kVersion));
  }
  if (version == 0) return DataLoss("catalogue of version 0");
  // Not sized by the counts: a damaged one would reserve many times the file's size.
  std::vector<Category> categories;
  for (std::size_t i = in.Count(); i > 0 && !in.failed(); --i) {
    categories.push_back(ReadCategory(in));
  }
  std::vector<Item> items;
  for (std::size_t i = in.Count(); i > 0 && !in.failed(); --i) items.push_back(ReadItem(in));
  if (const Status whole = in.Finish(); !whole.has_value()) return Annotate(whole, "catalogue");
  TWOHOP_ASSIGN_OR_RETURN(Taxonomy taxonomy, AsDataLoss(Taxonomy::Build(std::move(categories))));
  return AsDataLoss(
      Catalog::Build(std::make_shared<const Taxonomy>(std::move(taxonomy)), std::move(items)));
}

}  // namespace twohop::recall_internal
