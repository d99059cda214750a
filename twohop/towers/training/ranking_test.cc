#include "twohop/towers/training/ranking.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/towers/testing/random_model.h"
#include "twohop/towers/training/testing/planted_community.h"

namespace twohop {
namespace {

constexpr std::array<float, 4> kScores = {0.5F, 0.9F, 0.5F, 0.1F};

TEST(RankingTest, TheBestItemIsAtRankZero) {
  EXPECT_EQ(RankAmongUnclicked(1, kScores, {}), 0U);
  EXPECT_EQ(RankAmongUnclicked(3, kScores, {}), 3U);
}

TEST(RankingTest, TiesGoByAscendingIndex) {
  EXPECT_EQ(RankAmongUnclicked(0, kScores, {}), 1U);
  EXPECT_EQ(RankAmongUnclicked(2, kScores, {}), 2U);
}

TEST(RankingTest, ClickedItemsAreLeftOutOnceEach) {
  const std::array<ItemIndex, 3> clicked = {ItemIndex(1), ItemIndex(1), ItemIndex(3)};
  EXPECT_EQ(RankAmongUnclicked(2, kScores, clicked), 1U);
}

TEST(RankingTest, HitRateAndNdcgOfRanksThatCanBeDoneByHand) {
  const std::array<std::size_t, 4> ranks = {0, 2, 9, 10};
  EXPECT_DOUBLE_EQ(HitRateAt(ranks, 10), 0.75);
  EXPECT_DOUBLE_EQ(NdcgAt(ranks, 3), (1 + 0.5) / 4);
}

TEST(RankingTest, NoRanksHaveScoreZero) {
  EXPECT_EQ(HitRateAt({}, 10), 0);
  EXPECT_EQ(NdcgAt({}, 10), 0);
}

class RankRowsTest : public testing::Test {
 protected:
  RankRowsTest() : model_(MakeRandomModel(community_.catalog->taxonomy(), {.text = 16})) {}

  Result<std::vector<std::size_t>> Rank(UserView view, const std::stop_token& stop = {}) const {
    const auto tower =
        TwoTower::FromModel(model_, *community_.catalog, community_.category_vectors, kTestEncoder);
    EXPECT_THAT(tower, IsOk());
    return RankRows(*tower, *community_.catalog, community_.category_vectors, community_.data,
                    community_.data.heldout_rows(), view, /*threads=*/2, stop);
  }

  PlantedCommunity community_ = MakePlantedCommunity({.users = 12, .clicks_per_user = 10});
  Model model_;
};

TEST_F(RankRowsTest, EveryRowHasARankAmongTheItems) {
  ASSERT_OK_AND_ASSIGN(const auto ranks, Rank(UserView::kPlain));
  EXPECT_EQ(ranks.size(), community_.data.heldout_rows().size());
  EXPECT_THAT(ranks, testing::Each(testing::Lt(community_.catalog->size())));
}

TEST_F(RankRowsTest, TheConditionChangesTheRanks) {
  ASSERT_OK_AND_ASSIGN(const auto plain, Rank(UserView::kPlain));
  ASSERT_OK_AND_ASSIGN(const auto conditioned, Rank(UserView::kOwnCategory));
  EXPECT_NE(plain, conditioned);
}

TEST_F(RankRowsTest, AStopIsCancelled) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(Rank(UserView::kPlain, stop.get_token()), FailsWith(ErrorCode::kCancelled, ""));
}

}  // namespace
}  // namespace twohop
