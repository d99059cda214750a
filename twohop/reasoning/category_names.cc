#include "twohop/reasoning/category_names.h"

#include <algorithm>

#include <fmt/format.h>

namespace twohop {

Result<CategoryIndex> FindCategory(const std::string& name, std::string_view field,
                                   const Taxonomy& taxonomy) {
  if (const auto category = taxonomy.FindByName(name)) return *category;
  return InvalidArgument(fmt::format("\"{}\": no category \"{}\" in the taxonomy", field, name));
}

Result<std::vector<CategoryIndex>> ParseCategories(const Json& json, std::string_view field,
                                                   const Taxonomy& taxonomy) {
  TWOHOP_ASSIGN_OR_RETURN(const std::vector<std::string> names, OptionalStrings(json, field));
  std::vector<CategoryIndex> categories;
  for (const std::string& name : names) {
    TWOHOP_ASSIGN_OR_RETURN(const CategoryIndex category, FindCategory(name, field, taxonomy));
    if (std::find(categories.begin(), categories.end(), category) != categories.end()) {
      return InvalidArgument(fmt::format("\"{}\": \"{}\" occurs twice", field, name));
    }
    categories.push_back(category);
  }
  return categories;
}

}  // namespace twohop
