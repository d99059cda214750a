#include "twohop/towers/testing/random_model.h"

#include <cmath>
#include <functional>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "twohop/base/check.h"
#include "twohop/base/rng.h"

namespace twohop {
namespace {

Item MakeItem(std::size_t number, std::size_t categories, Rng& rng) {
  const std::string name = std::to_string(number);
  Item item{.id = ItemId("i" + name),
            .title = "Item " + name,
            .category = CategoryIndex(static_cast<std::uint32_t>(number % categories)),
            .brand = rng.Chance(0.2) ? "" : "brand " + std::to_string(rng.Below(9))};
  for (std::uint64_t tags = rng.Below(4); tags > 0; --tags) {
    item.tags.push_back("tag " + std::to_string(rng.Below(20)));
  }
  return item;
}

void FillNormal(Rng& rng, double deviation, std::span<float> values) {
  for (float& value : values) value = static_cast<float>(deviation * rng.Normal());
}

}  // namespace

std::shared_ptr<const Taxonomy> MakeGridTaxonomy(std::size_t level1) {
  std::vector<Category> categories;
  for (std::size_t i = 0; i < 4 * level1; ++i) {
    const std::string top = "L1." + std::to_string(i / 4);
    const std::string middle = top + "-2." + std::to_string(i / 2 % 2);
    categories.push_back({.id = "c" + std::to_string(i),
                          .level1 = top,
                          .level2 = middle,
                          .level3 = middle + "-3." + std::to_string(i % 2)});
  }
  auto taxonomy = Taxonomy::Build(std::move(categories));
  TWOHOP_CHECK(taxonomy.has_value());
  return std::make_shared<const Taxonomy>(*std::move(taxonomy));
}

std::shared_ptr<const Catalog> MakeGridCatalog(std::size_t level1, std::size_t items,
                                               std::uint64_t seed) {
  std::shared_ptr<const Taxonomy> taxonomy = MakeGridTaxonomy(level1);
  Rng rng(seed);
  std::vector<Item> all;
  for (std::size_t i = 0; i < items; ++i) all.push_back(MakeItem(i, taxonomy->size(), rng));
  auto catalog = Catalog::Build(std::move(taxonomy), std::move(all));
  TWOHOP_CHECK(catalog.has_value());
  return std::make_shared<const Catalog>(*std::move(catalog));
}

Embeddings MakeRandomVectors(std::size_t rows, std::size_t dim, std::uint64_t seed) {
  Rng rng(seed);
  Embeddings vectors(rows, dim);
  FillNormal(rng, 1.0, vectors.mutable_data());
  for (std::size_t i = 0; i < rows; ++i) NormalizeL2(vectors.mutable_row(i));
  return vectors;
}

Model MakeRandomModel(const Taxonomy& taxonomy, const TowerDims& dims, std::uint64_t seed) {
  Model model;
  model.description.dims = dims;
  model.description.text_encoder = kTestEncoder;
  model.description.inputs = "random";
  FeatureVocabulary& vocabulary = model.description.vocabulary;
  vocabulary.age_groups = Vocabulary({"18-24", "25-34"});
  vocabulary.genders = Vocabulary({"female", "male"});
  SetCategoryVocabularies(taxonomy, vocabulary);
  vocabulary.brand_buckets = 16;
  vocabulary.tag_buckets = 32;
  if (dims.item_id > 0) {
    std::vector<std::string> ids;
    for (int i = 0; i < 100; ++i) ids.push_back("i" + std::to_string(i));
    vocabulary.items = Vocabulary(std::move(ids));
  }
  Rng rng(seed);
  for (const Parameter& parameter : ParametersOf(model.description)) {
    const std::size_t size = std::accumulate(parameter.shape.begin(), parameter.shape.end(),
                                             std::size_t{1}, std::multiplies<>());
    Tensor& tensor = model.weights[parameter.name];
    tensor = {parameter.shape, std::vector<float>(size)};
    FillNormal(rng, 1.0 / std::sqrt(static_cast<double>(parameter.shape.back())), tensor.data);
  }
  return model;
}

}  // namespace twohop
