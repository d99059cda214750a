#include "twohop/simulate/shop.h"

#include <algorithm>
#include <map>
#include <ranges>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/simulate/testing/demo_blueprint.h"

namespace twohop::simulate_internal {
namespace {

using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::Not;
using ::testing::StartsWith;

class ShopTest : public ::testing::Test {
 protected:
  Shop Stock(std::size_t count, std::uint64_t seed = 1) const {
    return Shop(blueprint_, count, Rng(seed));
  }

  static std::vector<Item> Items(const Shop& shop) {
    std::vector<Item> items;
    for (const ShopItem& made : shop.items()) items.push_back(made.item);
    return items;
  }

  CommunityBlueprint blueprint_ = MakeTinyBlueprint();
};

TEST_F(ShopTest, EqualSeedsStockEqualItems) {
  EXPECT_EQ(Items(Stock(100)), Items(Stock(100)));
  EXPECT_NE(Items(Stock(100)), Items(Stock(100, /*seed=*/2)));
}

TEST_F(ShopTest, EveryCategoryHasAnItem) {
  const Shop shop = Stock(12);
  std::set<CategoryIndex> seen;
  for (const ShopItem& made : shop.items()) seen.insert(made.item.category);
  EXPECT_EQ(seen.size(), 12U);
}

TEST_F(ShopTest, ItemsAreACatalog) {
  const auto catalog = Catalog::Build(blueprint_.taxonomy, Items(Stock(500)));
  EXPECT_TRUE(catalog.has_value());
}

TEST_F(ShopTest, TitlesAreDistinctEvenWhenCombinationsRunOut) {
  const Shop shop = Stock(1'500);
  std::set<std::string> titles;
  for (const ShopItem& made : shop.items()) titles.insert(made.item.title);
  EXPECT_EQ(titles.size(), 1'500U);
}

TEST_F(ShopTest, ATitleBeginsWithTheBrand) {
  const Shop shop = Stock(12);
  for (const ShopItem& made : shop.items()) {
    EXPECT_THAT(made.item.title, StartsWith(made.item.brand + " "));
  }
}

TEST_F(ShopTest, TagsNamePriceBandAndStyle) {
  const Shop shop = Stock(50);
  for (const ShopItem& made : shop.items()) {
    EXPECT_THAT(made.item.tags, Contains(std::string(PriceBandName(made.price))));
    EXPECT_THAT(made.item.tags, Contains(std::string(StyleName(made.style))));
  }
}

TEST_F(ShopTest, AFewItemsAreSoldOut) {
  const Shop shop = Stock(1'000);
  const auto sold_out = std::ranges::count_if(
      shop.items(), [](const ShopItem& made) { return !made.item.available; });
  EXPECT_GT(sold_out, 10);
  EXPECT_LT(sold_out, 60);
}

TEST_F(ShopTest, MostItemsAreTrueToTheirBrandsPrice) {
  const Shop shop = Stock(1'000);
  std::size_t true_to_brand = 0;
  for (const ShopItem& made : shop.items()) {
    const Level1Index level1 = shop.taxonomy().level1_of(made.item.category);
    if (shop.brands(level1)[made.brand].price == made.price) ++true_to_brand;
  }
  EXPECT_GT(true_to_brand, 750U);
}

TEST_F(ShopTest, ADrawnItemIsOfTheCategoryAskedFor) {
  const Shop shop = Stock(100);
  Rng rng(3);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(shop.at(shop.DrawItem(CategoryIndex(4), rng)).item.category, CategoryIndex(4));
  }
}

TEST_F(ShopTest, ADrawnCategoryIsOfTheLevel1CategoryAskedFor) {
  const Shop shop = Stock(100);
  Rng rng(3);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(shop.taxonomy().level1_of(shop.DrawCategory(Level1Index(2), rng)), Level1Index(2));
  }
}

TEST_F(ShopTest, SomeItemsAreMuchMorePopular) {
  const Shop shop = Stock(240);
  Rng rng(3);
  std::map<ItemIndex, int> draws;
  for (int i = 0; i < 2'000; ++i) ++draws[shop.DrawItem(CategoryIndex(0), rng)];
  const auto [least, most] = std::ranges::minmax(draws | std::views::values);
  EXPECT_GT(most, 3 * least);
}

}  // namespace
}  // namespace twohop::simulate_internal
