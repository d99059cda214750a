#include "apps/twohop-train/item_cf.h"

#include <array>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop::app {
namespace {

// Two users clicked 0 and 1, one of them 2 as well; a third clicked 3 alone, which nobody else did.
class ItemCfTest : public testing::Test {
 protected:
  std::vector<float> ScoresOf(std::vector<ItemIndex> history, const ItemCfOptions& options) const {
    const std::array<std::span<const ItemIndex>, 3> users = {ann_, bob_, eve_};
    return ItemCf(users, /*items=*/5, options).Score(history);
  }

  std::vector<ItemIndex> ann_ = {ItemIndex(0), ItemIndex(1)};
  std::vector<ItemIndex> bob_ = {ItemIndex(0), ItemIndex(1), ItemIndex(2)};
  std::vector<ItemIndex> eve_ = {ItemIndex(3)};
};

TEST_F(ItemCfTest, WeightsAreCosinesByDefault) {
  const auto scores = ScoresOf({ItemIndex(0)}, {});
  EXPECT_NEAR(scores[1], 1.0, 1e-6);
  EXPECT_NEAR(scores[2], 1 / std::sqrt(2), 1e-6);
}

TEST_F(ItemCfTest, NewerClicksCountMoreUnderDecay) {
  const auto scores = ScoresOf({ItemIndex(1), ItemIndex(2)}, {.decay = 0.5});
  EXPECT_NEAR(scores[0], 1 / std::sqrt(2) + 0.5 * 1, 1e-6);
}

TEST_F(ItemCfTest, ActiveUsersCountLessUnderADiscount) {
  const auto scores = ScoresOf({ItemIndex(0)}, {.popularity_power = 0, .active_discount = 1});
  EXPECT_NEAR(scores[1], 1 / std::log(4) + 1 / std::log(5), 1e-6);
  EXPECT_NEAR(scores[2], 1 / std::log(5), 1e-6);
}

TEST_F(ItemCfTest, ItemsOfWhichTheHistorySaysNothingAreOrderedByTheirClicks) {
  const auto scores = ScoresOf({}, {});
  EXPECT_GT(scores[0], scores[2]);
  EXPECT_GT(scores[3], scores[4]);
  EXPECT_LT(scores[0], 1e-6F);
}

}  // namespace
}  // namespace twohop::app
