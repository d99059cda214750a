#include "twohop/base/strong_id.h"

#include <string>
#include <type_traits>
#include <unordered_set>

#include <gtest/gtest.h>

namespace twohop {
namespace {

using Fruit = StrongId<struct FruitTag, std::string>;
using Metal = StrongId<struct MetalTag, std::string>;
using Row = StrongId<struct RowTag>;

static_assert(!std::is_convertible_v<std::string, Fruit>);
static_assert(!std::is_convertible_v<Fruit, std::string>);
static_assert(!std::is_constructible_v<Fruit, Metal>);
static_assert(!std::equality_comparable_with<Fruit, Metal>);
static_assert(sizeof(Row) == sizeof(std::uint64_t));

TEST(StrongIdTest, HoldsItsValue) {
  EXPECT_EQ(Fruit("apple").value(), "apple");
  EXPECT_EQ(Fruit().value(), "");
  EXPECT_EQ(Row().value(), 0U);
}

TEST(StrongIdTest, ComparesByValue) {
  EXPECT_EQ(Row(3), Row(3));
  EXPECT_LT(Row(3), Row(4));
  EXPECT_LT(Fruit("apple"), Fruit("pear"));
}

TEST(StrongIdTest, IsAKeyOfHashTables) {
  const std::unordered_set<Fruit> fruits{Fruit("apple"), Fruit("pear"), Fruit("apple")};
  EXPECT_EQ(fruits.size(), 2U);
  EXPECT_TRUE(fruits.contains(Fruit("pear")));
}

}  // namespace
}  // namespace twohop
