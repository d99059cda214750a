#include "twohop/reasoning/testing/small_shop.h"

#include <utility>
#include <vector>

#include "twohop/base/check.h"
#include "twohop/llm/testing/fake_embedding_client.h"

namespace twohop {

std::shared_ptr<const Taxonomy> SmallShop() {
  const auto category = [](std::string level1, std::string level2, std::string level3) {
    Category made;
    made.id = "id of " + level3;
    made.level1 = std::move(level1);
    made.level2 = std::move(level2);
    made.level3 = std::move(level3);
    return made;
  };
  std::vector<Category> categories{category("Outdoors", "Camping", "Tents"),
                                   category("Outdoors", "Camping", "Camp Stoves"),
                                   category("Kitchen", "Coffee", "Coffee Grinders"),
                                   category("Shoes", "Boots", "Hiking Boots"),
                                   category("Home", "Light", "Desk Lamps"),
                                   category("Home", "Light", "Lanterns"),
                                   category("Travel", "Trips", "Mountain Trips"),
                                   category("Travel", "Trips", "Prayer Retreats")};
  categories[1].terms = {"gas stove"};
  auto taxonomy = Taxonomy::Build(std::move(categories));
  TWOHOP_CHECK(taxonomy.has_value());
  return std::make_shared<const Taxonomy>(*std::move(taxonomy));
}

std::shared_ptr<const CategorySpace> SmallShopSpace() {
  FakeEmbeddingClient embedder;
  auto space = SmallShopSpaceOf(embedder);
  TWOHOP_CHECK(space.has_value());
  return *std::move(space);
}

Result<std::shared_ptr<const CategorySpace>> SmallShopSpaceOf(EmbeddingClient& embedder) {
  auto taxonomy = SmallShop();
  std::vector<std::string> texts;
  for (std::uint32_t i = 0; i < taxonomy->size(); ++i) {
    texts.push_back(taxonomy->embedding_text(CategoryIndex(i)));
  }
  TWOHOP_ASSIGN_OR_RETURN(Embeddings vectors, embedder.Embed(texts, {}));
  TWOHOP_ASSIGN_OR_RETURN(CategorySpace space,
                          CategorySpace::Build(std::move(taxonomy), std::move(vectors)));
  return std::make_shared<const CategorySpace>(std::move(space));
}

Embeddings EmbedInSmallShop(const std::vector<std::string>& texts) {
  FakeEmbeddingClient embedder;
  auto vectors = embedder.Embed(texts, {});
  TWOHOP_CHECK(vectors.has_value());
  return *std::move(vectors);
}

CategoryIndex InSmallShop(const std::string& name) {
  const auto found = SmallShop()->FindByName(name);
  TWOHOP_CHECK(found.has_value());
  return *found;
}

}  // namespace twohop
