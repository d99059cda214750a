#include "twohop/domain/catalog.h"

#include <type_traits>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

// A copy would keep looking its items up in the original.
static_assert(!std::is_copy_constructible_v<Catalog>);
static_assert(std::is_move_constructible_v<Catalog>);

class CatalogTest : public testing::Test {
 protected:
  static std::shared_ptr<const Taxonomy> MakeTaxonomy(std::string last = "Mugs") {
    auto taxonomy = Taxonomy::Build(
        {{.id = "c1", .level1 = "Outdoors", .level2 = "Camping", .level3 = "Tents"},
         {.id = "c2", .level1 = "Kitchen", .level2 = "Drinks", .level3 = std::move(last)}});
    return std::make_shared<const Taxonomy>(*std::move(taxonomy));
  }

  static Item MakeItem(std::string id, std::uint32_t category = 0) {
    return {.id = ItemId(std::move(id)), .title = "title", .category = CategoryIndex(category)};
  }

  Result<Catalog> Build(std::vector<Item> items) const {
    return Catalog::Build(taxonomy_, std::move(items));
  }

  std::uint64_t FingerprintOf(std::vector<Item> items) const {
    return Build(std::move(items))->fingerprint();
  }

  std::shared_ptr<const Taxonomy> taxonomy_ = MakeTaxonomy();
};

TEST_F(CatalogTest, ItemsKeepTheirOrder) {
  ASSERT_OK_AND_ASSIGN(const Catalog catalog, Build({MakeItem("b"), MakeItem("a", 1)}));
  ASSERT_EQ(catalog.size(), 2U);
  EXPECT_EQ(catalog.items()[0].id, ItemId("b"));
  EXPECT_EQ(catalog.at(ItemIndex(1)).id, ItemId("a"));
}

TEST_F(CatalogTest, FindsItemsById) {
  ASSERT_OK_AND_ASSIGN(const Catalog catalog, Build({MakeItem("b"), MakeItem("a")}));
  EXPECT_EQ(catalog.Find("a"), ItemIndex(1));
  EXPECT_EQ(catalog.Find("c"), std::nullopt);
}

TEST_F(CatalogTest, StillFindsItemsAfterAMove) {
  ASSERT_OK_AND_ASSIGN(Catalog catalog, Build({MakeItem("b"), MakeItem("a")}));
  const Catalog moved = std::move(catalog);
  EXPECT_EQ(moved.Find("a"), ItemIndex(1));
}

TEST_F(CatalogTest, KnowsTheLevelOneCategoryOfAnItem) {
  ASSERT_OK_AND_ASSIGN(const Catalog catalog, Build({MakeItem("a", 1)}));
  EXPECT_EQ(catalog.taxonomy().level1_name(catalog.level1_of(ItemIndex(0))), "Kitchen");
}

TEST_F(CatalogTest, MayBeEmpty) {
  ASSERT_OK_AND_ASSIGN(const Catalog catalog, Build({}));
  EXPECT_EQ(catalog.size(), 0U);
  EXPECT_EQ(catalog.Find(""), std::nullopt);
}

TEST_F(CatalogTest, SharesItsTaxonomy) {
  ASSERT_OK_AND_ASSIGN(const Catalog catalog, Build({}));
  EXPECT_EQ(catalog.shared_taxonomy(), taxonomy_);
}

TEST_F(CatalogTest, AnItemWithoutAnIdIsNamedByItsPosition) {
  EXPECT_THAT(Build({MakeItem("a"), MakeItem("")}),
              FailsWith(ErrorCode::kInvalidArgument, "item 2 has no id"));
}

TEST_F(CatalogTest, AnIdThatOccursTwiceIsNamed) {
  EXPECT_THAT(Build({MakeItem("a"), MakeItem("b"), MakeItem("a")}),
              FailsWith(ErrorCode::kInvalidArgument, "\"a\" occurs twice"));
}

TEST_F(CatalogTest, ACategoryOutsideTheTaxonomyIsNamedByItsItem) {
  EXPECT_THAT(Build({MakeItem("a", 2)}), FailsWith(ErrorCode::kInvalidArgument, "\"a\" has no"));
}

TEST_F(CatalogTest, TheSameContentHasTheSameFingerprint) {
  EXPECT_EQ(FingerprintOf({MakeItem("a")}), FingerprintOf({MakeItem("a")}));
}

TEST_F(CatalogTest, AnyChangeOfAnItemChangesTheFingerprint) {
  const Item item = MakeItem("a");
  const auto changed = [&](auto change) {
    Item other = item;
    change(other);
    return FingerprintOf({other});
  };
  const std::uint64_t before = FingerprintOf({item});
  EXPECT_NE(changed([](Item& i) { i.id = ItemId("b"); }), before);
  EXPECT_NE(changed([](Item& i) { i.title = "other"; }), before);
  EXPECT_NE(changed([](Item& i) { i.category = CategoryIndex(1); }), before);
  EXPECT_NE(changed([](Item& i) { i.brand = "brand"; }), before);
  EXPECT_NE(changed([](Item& i) { i.tags = {"tag"}; }), before);
  EXPECT_NE(changed([](Item& i) { i.available = false; }), before);
}

TEST_F(CatalogTest, OrderAndTaxonomyChangeTheFingerprintToo) {
  EXPECT_NE(FingerprintOf({MakeItem("a"), MakeItem("b")}),
            FingerprintOf({MakeItem("b"), MakeItem("a")}));
  EXPECT_NE(Catalog::Build(MakeTaxonomy("Cups"), {MakeItem("a")})->fingerprint(),
            FingerprintOf({MakeItem("a")}));
}

}  // namespace
}  // namespace twohop
