#include "twohop/towers/catalog_features.h"

#include <array>
#include <string>
#include <utility>

namespace twohop {
namespace {

// "a", "a > b", "a > b > c": names alone repeat below different parents.
std::array<std::string, 3> PathsOf(const Category& category) {
  std::string level2 = category.level1 + " > " + category.level2;
  std::string level3 = level2 + " > " + category.level3;
  return {category.level1, std::move(level2), std::move(level3)};
}

CategoryRows RowsOf(const Category& category, const FeatureVocabulary& vocabulary) {
  const auto [level1, level2, level3] = PathsOf(category);
  return {.level1 = vocabulary.level1.Row(level1),
          .level2 = vocabulary.level2.Row(level2),
          .level3 = vocabulary.level3.Row(level3)};
}

}  // namespace

void SetCategoryVocabularies(const Taxonomy& taxonomy, FeatureVocabulary& vocabulary) {
  std::array<std::vector<std::string>, 3> names;
  for (std::uint32_t i = 0; i < taxonomy.size(); ++i) {
    std::array<std::string, 3> paths = PathsOf(taxonomy.at(CategoryIndex(i)));
    for (std::size_t level = 0; level < 3; ++level) {
      names[level].push_back(std::move(paths[level]));
    }
  }
  vocabulary.level1 = Vocabulary(std::move(names[0]));
  vocabulary.level2 = Vocabulary(std::move(names[1]));
  vocabulary.level3 = Vocabulary(std::move(names[2]));
}

CatalogFeatures::CatalogFeatures(const Catalog& catalog, const FeatureVocabulary& vocabulary) {
  const Taxonomy& taxonomy = catalog.taxonomy();
  for (std::uint32_t i = 0; i < taxonomy.size(); ++i) {
    categories_.push_back(RowsOf(taxonomy.at(CategoryIndex(i)), vocabulary));
  }
  category_of_.reserve(catalog.size());
  brand_of_.reserve(catalog.size());
  row_of_.reserve(catalog.size());
  tag_begin_.reserve(catalog.size() + 1);
  tag_begin_.push_back(0);
  for (const Item& item : catalog.items()) {
    category_of_.push_back(item.category.value());
    brand_of_.push_back(HashedRow(item.brand, vocabulary.brand_buckets));
    row_of_.push_back(vocabulary.items.Row(item.id.value()));
    for (const std::string& tag : item.tags) {
      tags_.push_back(HashedRow(tag, vocabulary.tag_buckets));
    }
    if (item.tags.empty()) tags_.push_back(kUnknownRow);
    tag_begin_.push_back(tags_.size());
  }
}

}  // namespace twohop
