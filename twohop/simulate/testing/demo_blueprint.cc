#include "twohop/simulate/testing/demo_blueprint.h"

#include <cctype>
#include <string>
#include <utility>
#include <vector>

#include "twohop/base/check.h"
#include "twohop/base/result.h"
#include "twohop/ingest/taxonomy_reader.h"

namespace twohop {
namespace {

std::shared_ptr<const Taxonomy> Share(Result<Taxonomy> taxonomy) {
  TWOHOP_CHECK(taxonomy.has_value());
  return std::make_shared<const Taxonomy>(*std::move(taxonomy));
}

Category MakeTinyCategory(char letter, char digit) {
  const char lower = static_cast<char>(std::tolower(letter));
  const std::string id = {lower, digit};
  Category category;
  category.id = id;
  category.level1 = std::string(1, letter);
  category.level2 = "all of " + category.level1;
  category.level3 = {letter, digit};
  category.terms = {"buy " + id, "cheap " + id};
  category.tags = {id + " soft", id + " hard", id + " round"};
  return category;
}

CategoryIndex Named(const Taxonomy& taxonomy, std::string_view name) {
  const auto category = taxonomy.FindByName(name);
  TWOHOP_CHECK(category.has_value());
  return *category;
}

}  // namespace

CommunityBlueprint LoadDemoBlueprint(const std::filesystem::path& folder) {
  auto blueprint = LoadBlueprint(Share(LoadTaxonomy(folder / "taxonomy.tsv")), folder);
  TWOHOP_CHECK(blueprint.has_value());
  return *std::move(blueprint);
}

CommunityBlueprint MakeTinyBlueprint() {
  std::vector<Category> categories;
  for (const char letter : {'A', 'B', 'C', 'D', 'E', 'F'}) {
    for (const char digit : {'1', '2'}) categories.push_back(MakeTinyCategory(letter, digit));
  }
  CommunityBlueprint blueprint;
  blueprint.taxonomy = Share(Taxonomy::Build(std::move(categories)));
  const Taxonomy& taxonomy = *blueprint.taxonomy;
  blueprint.assortment.ranges.assign(taxonomy.size(), {{"Thing", "Gadget"}, {"red", "blue"}});
  blueprint.assortment.brands.assign(taxonomy.level1_count(), {"Ark", "Bow", "Cog", "Dot", "Elm"});
  Lifestyle x{.id = "x", .name = "X", .ages = {"18-24"}, .core = {}, .related = {}, .hints = {}};
  for (const char* name : {"A1", "A2"}) x.core.push_back(Named(taxonomy, name));
  for (const char* name : {"B1", "C1", "D1"}) x.related.push_back(Named(taxonomy, name));
  x.hints = {"x needs a hand", "what x would like", "x on a rainy day"};
  Lifestyle y{.id = "y", .name = "Y", .ages = {"65+"}, .core = {}, .related = {}, .hints = {}};
  y.core.push_back(Named(taxonomy, "E1"));
  for (const char* name : {"A1", "F1"}) y.related.push_back(Named(taxonomy, name));
  y.hints = {"y at last", "more y than before"};
  blueprint.lifestyles = {x, y};
  return blueprint;
}

}  // namespace twohop
