// A catalogue as rows of embedding tables: what both towers see of an item.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twohop/domain/catalog.h"
#include "twohop/towers/vocabulary.h"

namespace twohop {

// What the rows of the embedding tables stand for.
struct FeatureVocabulary {
  Vocabulary age_groups;
  Vocabulary genders;
  // Categories by their path down to the level, as in Taxonomy::path: "Kitchen > Small Appliances".
  Vocabulary level1;
  Vocabulary level2;
  Vocabulary level3;
  Vocabulary items;               // By id; empty unless items have rows of their own.
  std::size_t brand_buckets = 0;  // Brands and tags are hashed: see HashedRow.
  std::size_t tag_buckets = 0;

  friend bool operator==(const FeatureVocabulary&, const FeatureVocabulary&) = default;
};

// The three category vocabularies of a taxonomy, in its order.
void SetCategoryVocabularies(const Taxonomy& taxonomy, FeatureVocabulary& vocabulary);

struct CategoryRows {
  std::uint32_t level1 = kUnknownRow;
  std::uint32_t level2 = kUnknownRow;
  std::uint32_t level3 = kUnknownRow;

  friend bool operator==(const CategoryRows&, const CategoryRows&) = default;
};

// Immutable. N items, C categories, as in the catalogue.
//
// Thread-safe.
class CatalogFeatures {
 public:
  CatalogFeatures(const Catalog& catalog, const FeatureVocabulary& vocabulary);

  std::size_t items() const { return category_of_.size(); }
  std::span<const CategoryRows> categories() const { return categories_; }  // [C]

  std::uint32_t category_of(std::size_t item) const { return category_of_[item]; }  // In [0, C).
  std::uint32_t brand_of(std::size_t item) const { return brand_of_[item]; }
  std::uint32_t row_of(std::size_t item) const { return row_of_[item]; }  // By its id.
  // Never empty: an item without tags has the unknown tag.
  std::span<const std::uint32_t> tags_of(std::size_t item) const {
    return std::span(tags_).subspan(tag_begin_[item], tag_begin_[item + 1] - tag_begin_[item]);
  }

 private:
  std::vector<CategoryRows> categories_;
  std::vector<std::uint32_t> category_of_;
  std::vector<std::uint32_t> brand_of_;
  std::vector<std::uint32_t> row_of_;
  std::vector<std::size_t> tag_begin_;
  std::vector<std::uint32_t> tags_;
};

}  // namespace twohop
