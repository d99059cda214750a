#include "twohop/domain/taxonomy.h"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

using testing::ElementsAre;

Category At(std::string id, std::string level1, std::string level2, std::string level3) {
  return {.id = std::move(id),
          .level1 = std::move(level1),
          .level2 = std::move(level2),
          .level3 = std::move(level3)};
}

std::vector<Category> Shop() {
  return {At("c0", "Outdoors", "Camping", "Tents"), At("c1", "Women", "Accessories", "Bags"),
          At("c2", "Outdoors", "Hiking", "Bags"), At("c3", "Men", "Accessories", "Bags"),
          At("c4", "Women", "Shoes", "Boots")};
}

// The shop with the first category changed.
template <typename Change>
std::vector<Category> ShopWith(Change change) {
  auto categories = Shop();
  change(categories[0]);
  return categories;
}

Taxonomy Build(std::vector<Category> categories) {
  auto taxonomy = Taxonomy::Build(std::move(categories));
  EXPECT_THAT(taxonomy, IsOk());
  return *std::move(taxonomy);
}

auto Refused(std::string_view text) {
  return FailsWith(ErrorCode::kInvalidArgument, std::string(text));
}

TEST(TaxonomyTest, CategoriesKeepTheirOrder) {
  const Taxonomy taxonomy = Build(Shop());
  EXPECT_EQ(taxonomy.size(), 5U);
  EXPECT_EQ(taxonomy.at(CategoryIndex(3)), Shop()[3]);
}

TEST(TaxonomyTest, LevelOneCategoriesAreNumberedByFirstAppearance) {
  const Taxonomy taxonomy = Build(Shop());
  ASSERT_EQ(taxonomy.level1_count(), 3U);
  EXPECT_EQ(taxonomy.level1_name(Level1Index(0)), "Outdoors");
  EXPECT_EQ(taxonomy.level1_name(Level1Index(1)), "Women");
  EXPECT_EQ(taxonomy.level1_name(Level1Index(2)), "Men");
  EXPECT_EQ(taxonomy.level1_of(CategoryIndex(2)), Level1Index(0));
}

TEST(TaxonomyTest, ListsTheCategoriesOfALevelOneInAscendingOrder) {
  const Taxonomy taxonomy = Build(Shop());
  EXPECT_THAT(taxonomy.categories_of(Level1Index(0)),
              ElementsAre(CategoryIndex(0), CategoryIndex(2)));
  EXPECT_THAT(taxonomy.categories_of(Level1Index(2)), ElementsAre(CategoryIndex(3)));
}

TEST(TaxonomyTest, TheLabelIsTheShortestEndOfThePathThatIsUnique) {
  const Taxonomy taxonomy = Build(Shop());
  EXPECT_EQ(taxonomy.label(CategoryIndex(0)), "Tents");
  EXPECT_EQ(taxonomy.label(CategoryIndex(2)), "Hiking > Bags");
  EXPECT_EQ(taxonomy.label(CategoryIndex(1)), "Women > Accessories > Bags");
}

TEST(TaxonomyTest, LabelsDifferInMoreThanCase) {
  const Taxonomy taxonomy =
      Build({At("a", "X", "Y", "Tea & Cups"), At("b", "X", "Z", "tea and cups")});
  EXPECT_EQ(taxonomy.label(CategoryIndex(0)), "Y > Tea & Cups");
  EXPECT_EQ(taxonomy.label(CategoryIndex(1)), "Z > tea and cups");
}

TEST(TaxonomyTest, ThePathHasAllLevels) {
  EXPECT_EQ(Build(Shop()).path(CategoryIndex(0)), "Outdoors > Camping > Tents");
}

TEST(TaxonomyTest, TheEmbeddedTextHasThePathTheTagsAndTheTerms) {
  const Taxonomy taxonomy = Build(ShopWith([](Category& c) {
    c.tags = {"dome", "light"};
    c.terms = {"tent for two", "shelter"};
  }));
  EXPECT_EQ(taxonomy.embedding_text(CategoryIndex(0)),
            "Tents. Camping, Outdoors. dome, light. tent for two, shelter.");
  EXPECT_EQ(taxonomy.embedding_text(CategoryIndex(4)), "Boots. Shoes, Women.");
}

TEST(TaxonomyTest, TheEmbeddedTextHasTheFirstEightTermsOnly) {
  const Taxonomy taxonomy =
      Build(ShopWith([](Category& c) { c.terms = {"a", "b", "c", "d", "e", "f", "g", "h", "i"}; }));
  EXPECT_EQ(taxonomy.embedding_text(CategoryIndex(0)),
            "Tents. Camping, Outdoors. a, b, c, d, e, f, g, h.");
}

TEST(TaxonomyTest, FindsByIdOrAlias) {
  const Taxonomy taxonomy = Build(ShopWith([](Category& c) { c.aliases = {"c0-dome"}; }));
  EXPECT_EQ(taxonomy.FindById("c3"), CategoryIndex(3));
  EXPECT_EQ(taxonomy.FindById("c0-dome"), CategoryIndex(0));
  EXPECT_EQ(taxonomy.FindById("C3"), std::nullopt);
  EXPECT_EQ(taxonomy.FindById(""), std::nullopt);
}

TEST(TaxonomyTest, FindsByEveryNameInItsNormalForm) {
  const Taxonomy taxonomy = Build(ShopWith([](Category& c) { c.alternative_name = "帐篷"; }));
  EXPECT_EQ(taxonomy.FindByName(" tents "), CategoryIndex(0));
  EXPECT_EQ(taxonomy.FindByName("帐篷"), CategoryIndex(0));
  EXPECT_EQ(taxonomy.FindByName("hiking - bags"), CategoryIndex(2));
  EXPECT_EQ(taxonomy.FindByName("MEN > ACCESSORIES > BAGS"), CategoryIndex(3));
}

TEST(TaxonomyTest, NoNameOrAnAmbiguousOneFindsNothing) {
  const Taxonomy taxonomy = Build(Shop());
  EXPECT_EQ(taxonomy.FindByName("Bags"), std::nullopt);
  EXPECT_EQ(taxonomy.FindByName("Accessories > Bags"), std::nullopt);
  EXPECT_EQ(taxonomy.FindByName("Kayaks"), std::nullopt);
  EXPECT_EQ(taxonomy.FindByName(""), std::nullopt);
  EXPECT_EQ(taxonomy.FindByName("--"), std::nullopt);
}

TEST(TaxonomyTest, AnAlternativeNameThatAnotherCategoryHasIsAmbiguous) {
  const Taxonomy taxonomy = Build(ShopWith([](Category& c) { c.alternative_name = "boots"; }));
  EXPECT_EQ(taxonomy.FindByName("Boots"), std::nullopt);
}

TEST(TaxonomyTest, FindsLevelOneByItsExactName) {
  const Taxonomy taxonomy = Build(Shop());
  EXPECT_EQ(taxonomy.FindLevel1("Men"), Level1Index(2));
  EXPECT_EQ(taxonomy.FindLevel1("men"), std::nullopt);
}

TEST(TaxonomyTest, WithoutCategoriesItIsRefused) {
  EXPECT_THAT(Taxonomy::Build({}), Refused("no categories"));
}

TEST(TaxonomyTest, AMissingIdIsNamedByPosition) {
  EXPECT_THAT(Taxonomy::Build({At("a", "x", "y", "z"), At("", "x", "y", "w")}),
              Refused("category 2 has no id"));
}

TEST(TaxonomyTest, AnIdOrAliasThatOccursTwiceIsNamed) {
  EXPECT_THAT(Taxonomy::Build({At("a", "x", "y", "z"), At("a", "x", "y", "w")}),
              Refused("\"a\" occurs twice"));
  EXPECT_THAT(Taxonomy::Build(ShopWith([](Category& c) { c.aliases = {"c3"}; })),
              Refused("\"c3\" occurs twice"));
}

TEST(TaxonomyTest, AnEmptyAliasIsRefused) {
  EXPECT_THAT(Taxonomy::Build(ShopWith([](Category& c) { c.aliases = {""}; })), Refused("\"c0\""));
}

TEST(TaxonomyTest, APathThatOccursTwiceIsNamed) {
  EXPECT_THAT(Taxonomy::Build({At("a", "x", "y", "z"), At("b", "x", "y", "z")}),
              Refused("\"x > y > z\" occurs twice"));
}

TEST(TaxonomyTest, AnEmptyLevelIsNamedByItsCategory) {
  EXPECT_THAT(Taxonomy::Build({At("a", "", "y", "z")}), Refused("\"a\" has an empty level"));
  EXPECT_THAT(Taxonomy::Build({At("a", "x", "", "z")}), Refused("\"a\" has an empty level"));
  EXPECT_THAT(Taxonomy::Build({At("a", "x", "y", "")}), Refused("\"a\" has an empty level"));
}

TEST(TaxonomyTest, TheSameCategoriesHaveTheSameFingerprint) {
  EXPECT_EQ(Build(Shop()).fingerprint(), Build(Shop()).fingerprint());
}

TEST(TaxonomyTest, AnyChangeChangesTheFingerprint) {
  const std::uint64_t before = Build(Shop()).fingerprint();
  const auto changed = [](auto change) { return Build(ShopWith(change)).fingerprint(); };
  EXPECT_NE(changed([](Category& c) { c.id = "x"; }), before);
  EXPECT_NE(changed([](Category& c) { c.level1 = "x"; }), before);
  EXPECT_NE(changed([](Category& c) { c.level2 = "x"; }), before);
  EXPECT_NE(changed([](Category& c) { c.level3 = "x"; }), before);
  EXPECT_NE(changed([](Category& c) { c.alternative_name = "x"; }), before);
  EXPECT_NE(changed([](Category& c) { c.terms = {"x"}; }), before);
  EXPECT_NE(changed([](Category& c) { c.tags = {"x"}; }), before);
  EXPECT_NE(changed([](Category& c) { c.aliases = {"x"}; }), before);
}

TEST(TaxonomyTest, TheFingerprintTellsTermsTagsAndAliasesApart) {
  const auto tags = Build(ShopWith([](Category& c) { c.tags = {"x"}; })).fingerprint();
  EXPECT_NE(Build(ShopWith([](Category& c) { c.aliases = {"x"}; })).fingerprint(), tags);
  EXPECT_NE(Build(ShopWith([](Category& c) { c.terms = {"x"}; })).fingerprint(), tags);
}

TEST(TaxonomyTest, TheFingerprintTellsWhereALevelEnds) {
  EXPECT_NE(Build({At("a", "x > y", "z", "w")}).fingerprint(),
            Build({At("a", "x", "y > z", "w")}).fingerprint());
}

TEST(TaxonomyTest, OrderChangesTheFingerprint) {
  auto reversed = Shop();
  std::swap(reversed[0], reversed[4]);
  EXPECT_NE(Build(reversed).fingerprint(), Build(Shop()).fingerprint());
}

TEST(TaxonomyTest, ASearchMeansTheCategoryWithThatTermOrName) {
  auto categories = Shop();
  categories[0].terms = {"sleep outside", "boots"};
  categories[1].terms = {"shopper", "carry it"};
  categories[2].terms = {"Carry  it", "tents"};
  categories[3].terms = {"tents"};
  const Taxonomy taxonomy = Build(std::move(categories));
  EXPECT_EQ(taxonomy.FindBySearch("Sleep outside!"), CategoryIndex(0));
  EXPECT_EQ(taxonomy.FindBySearch("tents"), CategoryIndex(0));  // A name; a term of two others.
  EXPECT_EQ(taxonomy.FindBySearch("boots"), CategoryIndex(0));  // A term comes before a name.
  EXPECT_EQ(taxonomy.FindBySearch("carry it"), std::nullopt);   // Of two categories.
  EXPECT_EQ(taxonomy.FindBySearch("bags"), std::nullopt);
  EXPECT_EQ(taxonomy.FindBySearch("canoe"), std::nullopt);
}

}  // namespace
}  // namespace twohop
