#include "twohop/domain/category_lookup.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "twohop/base/near_names.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

constexpr std::size_t kShownBytes = 200;

std::vector<std::string> NearCategories(std::string_view name, const Taxonomy& taxonomy) {
  NearNames near(name);
  for (std::uint32_t i = 0; i < taxonomy.size(); ++i) {
    near.Offer(taxonomy.label(CategoryIndex(i)));
    near.Offer(taxonomy.at(CategoryIndex(i)).id);
  }
  std::vector<std::string> names = near.Best();
  // Who types a search means its category, however it is spelt.
  if (const std::optional<CategoryIndex> meant = taxonomy.FindBySearch(name)) {
    const std::string& label = taxonomy.label(*meant);
    std::erase(names, label);
    names.insert(names.begin(), label);
  }
  return names;
}

}  // namespace

Result<CategoryIndex> LookUpCategory(std::string_view name, const Taxonomy& taxonomy) {
  if (const auto by_id = taxonomy.FindById(name)) return *by_id;
  if (const auto by_name = taxonomy.FindByName(name)) return *by_name;
  return InvalidArgument(fmt::format("no category is called \"{}\"{}", Ellipsize(name, kShownBytes),
                                     NearNamesInWords(NearCategories(name, taxonomy))));
}

}  // namespace twohop
