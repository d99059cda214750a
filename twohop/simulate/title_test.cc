#include "twohop/simulate/title.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop::simulate_internal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class TitleTest : public ::testing::Test {
 protected:
  static Item Tent(std::vector<std::string> tags) {
    Item item;
    item.brand = "Norrland";
    item.tags = std::move(tags);
    return item;
  }

  std::string Draw(const Item& item) { return DrawUniqueTitle(item, range_, taken_, rng_); }

  ProductRange range_{{"Dome Tent"}, {"green"}};
  std::set<std::string> taken_;
  Rng rng_{1};
};

TEST_F(TitleTest, BrandProductTagAndVariantFollowEachOther) {
  EXPECT_EQ(Draw(Tent({"windproof"})), "Norrland Dome Tent, windproof, green");
}

TEST_F(TitleTest, WithoutTagsThereIsNone) {
  EXPECT_EQ(Draw(Tent({})), "Norrland Dome Tent, green");
}

TEST_F(TitleTest, ATagThatTheProductSaysIsLeftOut) {
  EXPECT_EQ(Draw(Tent({"dome"})), "Norrland Dome Tent, green");
}

TEST_F(TitleTest, ATagThatTheVariantSaysIsLeftOut) {
  EXPECT_EQ(Draw(Tent({"Green"})), "Norrland Dome Tent, green");
}

TEST_F(TitleTest, ATagThatContradictsTheVariantIsLeftOut) {
  EXPECT_EQ(Draw(Tent({"dark green"})), "Norrland Dome Tent, green");
}

TEST_F(TitleTest, WhenCombinationsRunOutEditionsAreCounted) {
  EXPECT_EQ(Draw(Tent({})), "Norrland Dome Tent, green");
  EXPECT_EQ(Draw(Tent({})), "Norrland Dome Tent, green, edition 2");
  EXPECT_EQ(Draw(Tent({})), "Norrland Dome Tent, green, edition 3");
}

}  // namespace
}  // namespace twohop::simulate_internal
