#include "twohop/domain/category_lookup.h"

#include <string>

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

Category At(std::string id, std::string level1, std::string level3) {
  Category category;
  category.id = std::move(id);
  category.level1 = std::move(level1);
  category.level2 = "All";
  category.level3 = std::move(level3);
  return category;
}

Taxonomy Shop() {
  std::vector<Category> categories{At("c-lamps", "Outdoors", "Headlamps"),
                                   At("c-bags-w", "Women", "Bags"), At("c-bags-m", "Men", "Bags")};
  categories[0].terms = {"light for the head"};
  categories[0].aliases = {"c-old"};
  return *Taxonomy::Build(std::move(categories));
}

Result<std::uint32_t> LookUp(std::string_view name) {
  const auto found = LookUpCategory(name, Shop());
  if (!found.has_value()) return tl::unexpected<Error>(found.error());
  return found->value();
}

TEST(LookUpCategoryTest, FindsByIdAliasAndName) {
  EXPECT_EQ(LookUp("c-lamps"), 0U);
  EXPECT_EQ(LookUp("c-old"), 0U);
  EXPECT_EQ(LookUp("headlamps"), 0U);
  EXPECT_EQ(LookUp("Men > All > Bags"), 2U);
}

TEST(LookUpCategoryTest, AMisspeltNameIsOfferedTheNearOne) {
  EXPECT_THAT(LookUp("Headlmaps"),
              FailsWith(ErrorCode::kInvalidArgument,
                        "no category is called \"Headlmaps\"; near it: \"Headlamps\""));
}

TEST(LookUpCategoryTest, AnAmbiguousNameIsOfferedWhatItMayMean) {
  EXPECT_THAT(LookUp("bags"),
              FailsWith(ErrorCode::kInvalidArgument, "\"Women > All > Bags\", \"c-bags-w\""));
}

TEST(LookUpCategoryTest, ASearchIsOfferedItsCategory) {
  EXPECT_THAT(LookUp("light for the head"),
              FailsWith(ErrorCode::kInvalidArgument, "near it: \"Headlamps\""));
}

TEST(LookUpCategoryTest, AHugeNameIsCutInTheMessage) {
  const auto found = LookUp(std::string(100'000, 'x'));
  ASSERT_FALSE(found.has_value());
  EXPECT_LT(found.error().message().size(), 300U);
}

}  // namespace
}  // namespace twohop
