#include "twohop/towers/catalog_features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

class CatalogFeaturesTest : public testing::Test {
 protected:
  static Taxonomy Clothes() {
    auto taxonomy = Taxonomy::Build({
        {.id = "a", .level1 = "Women", .level2 = "Bags", .level3 = "Totes"},
        {.id = "b", .level1 = "Men", .level2 = "Bags", .level3 = "Totes"},
        {.id = "c", .level1 = "Men", .level2 = "Bags", .level3 = "Backpacks"},
    });
    EXPECT_THAT(taxonomy, IsOk());
    return *std::move(taxonomy);
  }

  static CatalogFeatures FeaturesOf(std::vector<Item> items) {
    auto catalog = Catalog::Build(std::make_shared<const Taxonomy>(Clothes()), std::move(items));
    EXPECT_THAT(catalog, IsOk());
    FeatureVocabulary vocabulary{.brand_buckets = 1000, .tag_buckets = 1000};
    SetCategoryVocabularies(catalog->taxonomy(), vocabulary);
    return CatalogFeatures(*catalog, vocabulary);
  }

  static Item Tote(std::string brand, std::vector<std::string> tags) {
    return {.id = ItemId("tote"),
            .category = CategoryIndex(1),
            .brand = std::move(brand),
            .tags = std::move(tags)};
  }
};

TEST_F(CatalogFeaturesTest, NamesBelowDifferentParentsHaveRowsOfTheirOwn) {
  const CatalogFeatures features = FeaturesOf({});
  EXPECT_THAT(
      features.categories(),
      testing::ElementsAre(CategoryRows{1, 1, 1}, CategoryRows{2, 2, 2}, CategoryRows{2, 2, 3}));
}

TEST_F(CatalogFeaturesTest, ACategoryThatTheVocabularyLacksHasTheUnknownRow) {
  const auto catalog = Catalog::Build(std::make_shared<const Taxonomy>(Clothes()), {});
  const CatalogFeatures features(*catalog, {.level1 = Vocabulary({"Men"})});
  EXPECT_THAT(features.categories(), testing::ElementsAre(CategoryRows{}, CategoryRows{.level1 = 1},
                                                          CategoryRows{.level1 = 1}));
}

TEST_F(CatalogFeaturesTest, AnItemHasItsCategoryBrandAndTags) {
  const CatalogFeatures features = FeaturesOf({Tote("Acme", {"linen", "red"})});
  ASSERT_EQ(features.items(), 1U);
  EXPECT_EQ(features.category_of(0), 1U);
  EXPECT_EQ(features.brand_of(0), HashedRow("Acme", 1000));
  EXPECT_THAT(features.tags_of(0),
              testing::ElementsAre(HashedRow("linen", 1000), HashedRow("red", 1000)));
}

TEST_F(CatalogFeaturesTest, AnItemWithoutBrandAndTagsHasTheUnknownOnes) {
  const CatalogFeatures features = FeaturesOf({Tote("", {})});
  EXPECT_EQ(features.brand_of(0), kUnknownRow);
  EXPECT_THAT(features.tags_of(0), testing::ElementsAre(kUnknownRow));
}

TEST(VocabularyTest, NamesHaveRowsFromOneInOrder) {
  const Vocabulary names({"b", "a"});
  EXPECT_EQ(names.rows(), 3U);
  EXPECT_EQ(names.Row("b"), 1U);
  EXPECT_EQ(names.Row("a"), 2U);
}

TEST(VocabularyTest, OtherNamesHaveTheUnknownRow) {
  EXPECT_EQ(Vocabulary({"a"}).Row("z"), kUnknownRow);
  EXPECT_EQ(Vocabulary({"a"}).Row(""), kUnknownRow);
}

TEST(VocabularyTest, EmptyAndRepeatedNamesAreLeftOut) {
  EXPECT_EQ(Vocabulary({"a", "", "a", "b"}).names(), (std::vector<std::string>{"a", "b"}));
}

TEST(HashedRowTest, SpellingsOfOneNameShareARow) {
  EXPECT_EQ(HashedRow("H & M", 1000), HashedRow("h and m", 1000));
}

TEST(HashedRowTest, RowsAreInRangeAndNeverTheUnknownOne) {
  EXPECT_EQ(HashedRow("anything", 1), 1U);
  EXPECT_EQ(HashedRow("?!", 1), kUnknownRow);
}

}  // namespace
}  // namespace twohop
