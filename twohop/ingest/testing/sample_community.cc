#include "twohop/ingest/testing/sample_community.h"

#include <string>
#include <utility>
#include <vector>

#include "twohop/base/check.h"

namespace twohop {
namespace {

Category MakeCategory(std::string id, std::string level1, std::string level2, std::string level3) {
  Category category;
  category.id = std::move(id);
  category.level1 = std::move(level1);
  category.level2 = std::move(level2);
  category.level3 = std::move(level3);
  return category;
}

Item MakeItem(std::string id, std::uint32_t category) {
  Item item;
  item.id = ItemId(std::move(id));
  item.category = CategoryIndex(category);
  return item;
}

}  // namespace

std::shared_ptr<const Taxonomy> SampleTaxonomy() {
  std::vector<Category> categories = {
      MakeCategory("c1", "Outdoor", "Camping", "Tents"),
      MakeCategory("c2", "Outdoor", "Camping", "Headlamps"),
      MakeCategory("c3", "Outdoor", "Bags", "Backpacks"),
      MakeCategory("c4", "Kitchen", "Bags", "Lunch Bags"),
      MakeCategory("c5", "Books", "Books", "Books"),
  };
  categories[0].alternative_name = "帐篷";
  categories[0].aliases = {"c1-deep"};
  auto taxonomy = Taxonomy::Build(std::move(categories));
  TWOHOP_CHECK(taxonomy.has_value());
  return std::make_shared<const Taxonomy>(*std::move(taxonomy));
}

Catalog SampleCatalog() {
  auto catalog = Catalog::Build(SampleTaxonomy(),
                                {MakeItem("tent", 0), MakeItem("lamp", 1), MakeItem("pack", 2)});
  TWOHOP_CHECK(catalog.has_value());
  return *std::move(catalog);
}

}  // namespace twohop
