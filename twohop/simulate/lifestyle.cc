#include "twohop/simulate/lifestyle.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/json.h"
#include "twohop/base/line_reader.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

Result<std::vector<std::string>> RequireStrings(const Json& object, std::string_view field) {
  TWOHOP_ASSIGN_OR_RETURN(auto values, OptionalStrings(object, field));
  if (values.empty()) return InvalidArgument(fmt::format("\"{}\" must not be empty", field));
  return values;
}

Result<std::vector<CategoryIndex>> RequireCategories(const Json& object, std::string_view field,
                                                     const Taxonomy& taxonomy) {
  TWOHOP_ASSIGN_OR_RETURN(const auto names, RequireStrings(object, field));
  std::vector<CategoryIndex> categories;
  for (const std::string& name : names) {
    const auto category = taxonomy.FindByName(name);
    if (!category.has_value()) {
      return InvalidArgument(fmt::format("\"{}\" names no category: \"{}\"", field, name));
    }
    if (std::ranges::find(categories, *category) != categories.end()) {
      return InvalidArgument(fmt::format("\"{}\" has \"{}\" twice", field, name));
    }
    categories.push_back(*category);
  }
  return categories;
}

Status CheckLevels(const Lifestyle& lifestyle, const Taxonomy& taxonomy) {
  std::set<Level1Index> core;
  for (const CategoryIndex category : lifestyle.core) core.insert(taxonomy.level1_of(category));
  if (core.size() > 2) {
    return InvalidArgument("\"core\" spreads over more than two level-1 categories");
  }
  for (const CategoryIndex category : lifestyle.related) {
    if (core.contains(taxonomy.level1_of(category))) {
      return InvalidArgument(
          fmt::format("\"related\" category \"{}\" shares its level-1 category with \"core\"",
                      taxonomy.label(category)));
    }
  }
  return Ok();
}

Result<Lifestyle> FromJson(const Json& object, const Taxonomy& taxonomy) {
  Lifestyle lifestyle;
  TWOHOP_ASSIGN_OR_RETURN(lifestyle.id, RequireString(object, "id"));
  TWOHOP_ASSIGN_OR_RETURN(lifestyle.name, RequireString(object, "name"));
  TWOHOP_ASSIGN_OR_RETURN(lifestyle.ages, RequireStrings(object, "ages"));
  TWOHOP_ASSIGN_OR_RETURN(lifestyle.female_share, OptionalNumber(object, "female_share", 0.5));
  TWOHOP_ASSIGN_OR_RETURN(lifestyle.core, RequireCategories(object, "core", taxonomy));
  TWOHOP_ASSIGN_OR_RETURN(lifestyle.related, RequireCategories(object, "related", taxonomy));
  TWOHOP_ASSIGN_OR_RETURN(lifestyle.hints, RequireStrings(object, "hints"));
  if (lifestyle.id.empty()) return InvalidArgument("\"id\" must not be empty");
  if (!(lifestyle.female_share >= 0.0 && lifestyle.female_share <= 1.0)) {
    return InvalidArgument("\"female_share\" must be in [0, 1]");
  }
  TWOHOP_RETURN_IF_ERROR(CheckLevels(lifestyle, taxonomy));
  return lifestyle;
}

}  // namespace

Result<Lifestyle> ParseLifestyle(std::string_view json, const Taxonomy& taxonomy) {
  TWOHOP_ASSIGN_OR_RETURN(const Json object, ParseJson(json));
  if (!object.is_object()) return InvalidArgument("a lifestyle is a JSON object");
  return FromJson(object, taxonomy);
}

Result<std::vector<Lifestyle>> LoadLifestyles(const std::filesystem::path& file,
                                              const Taxonomy& taxonomy) {
  TWOHOP_ASSIGN_OR_RETURN(LineReader reader, LineReader::Open(file));
  std::vector<Lifestyle> lifestyles;
  std::set<std::string> ids;
  while (const auto line = reader.Next()) {
    if (Trim(line->text).empty()) continue;
    const std::string where = fmt::format("{}:{}", file.string(), line->number);
    auto lifestyle = ParseLifestyle(line->text, taxonomy);
    if (!lifestyle.has_value()) return Annotate(lifestyle, where);
    if (!ids.insert(lifestyle->id).second) {
      return InvalidArgument(fmt::format("{}: id \"{}\" occurs twice", where, lifestyle->id));
    }
    lifestyles.push_back(*std::move(lifestyle));
  }
  TWOHOP_RETURN_IF_ERROR(reader.status());
  if (lifestyles.empty()) {
    return InvalidArgument(fmt::format("{}: holds no lifestyle", file.string()));
  }
  return lifestyles;
}

}  // namespace twohop
