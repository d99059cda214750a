#include "twohop/reasoning/grounding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/llm/testing/fake_embedding_client.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

using testing::ElementsAre;

class GroundNamesTest : public testing::Test {
 protected:
  Result<std::vector<std::optional<GroundedCategory>>> Ground(std::vector<std::string> names) {
    return GroundNames(names, *space_, embedder_, {.min_similarity = 0.5F}, {});
  }

  std::optional<GroundedCategory> GroundOne(std::string name) {
    auto grounded = Ground({std::move(name)});
    EXPECT_THAT(grounded, IsOk());
    return grounded ? grounded->front() : std::nullopt;
  }

  std::shared_ptr<const CategorySpace> space_ = SmallShopSpace();
  FakeEmbeddingClient embedder_;
};

TEST_F(GroundNamesTest, ANameOfTheTaxonomyIsExactWithoutACall) {
  EXPECT_EQ(GroundOne("desk lamps"),
            (GroundedCategory{InSmallShop("Desk Lamps"), Grounding::kExact, 1.0F}));
  EXPECT_EQ(embedder_.calls(), 0U);
}

TEST_F(GroundNamesTest, ANameThatIsNearStandsForTheNearestCategory) {
  const auto grounded = GroundOne("coffee grinders kitchen");
  ASSERT_TRUE(grounded.has_value());
  EXPECT_EQ(grounded->category, InSmallShop("Coffee Grinders"));
  EXPECT_EQ(grounded->grounding, Grounding::kNearest);
  EXPECT_GE(grounded->similarity, 0.5F);
}

TEST_F(GroundNamesTest, ANameThatIsFarFromEverythingIsNothing) {
  EXPECT_EQ(GroundOne("saxophone"), std::nullopt);
}

TEST_F(GroundNamesTest, KeepsTheOrderAndEmbedsTheUnknownOnesOnce) {
  const auto grounded = Ground({"saxophone", "Tents", "coffee grinders kitchen"});
  ASSERT_THAT(grounded, IsOk());
  EXPECT_FALSE((*grounded)[0].has_value());
  EXPECT_EQ((*grounded)[1]->grounding, Grounding::kExact);
  EXPECT_EQ((*grounded)[2]->grounding, Grounding::kNearest);
  EXPECT_EQ(embedder_.calls(), 1U);
  EXPECT_THAT(embedder_.texts(), ElementsAre("saxophone", "coffee grinders kitchen"));
}

TEST_F(GroundNamesTest, AFailureOfTheEmbedderIsPassedUp) {
  embedder_.Fail(Error(ErrorCode::kUnavailable, "gone"));
  EXPECT_THAT(Ground({"saxophone"}), FailsWith(ErrorCode::kUnavailable, "gone"));
}

TEST_F(GroundNamesTest, VectorsOfAnotherModelAreAFailedPrecondition) {
  FakeEmbeddingClient other(/*dim=*/32, "other-model");
  const std::vector<std::string> names{"saxophone"};
  EXPECT_THAT(GroundNames(names, *space_, other, {}, {}),
              FailsWith(ErrorCode::kFailedPrecondition, "other-model"));
}

}  // namespace
}  // namespace twohop
