#include "twohop/ann/top_candidates.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "twohop/base/rng.h"

namespace twohop::ann_internal {
namespace {

void Add(TopCandidates& top, float score, std::uint32_t item) { top.Add({score, item}); }

std::vector<std::uint32_t> ItemsOf(TopCandidates& top) {
  std::vector<ScoredItem> best(top.Best().begin(), top.Best().end());
  std::sort(best.begin(), best.end(), Precedes);
  std::vector<std::uint32_t> items;
  for (const ScoredItem& scored : best) items.push_back(scored.item);
  return items;
}

TEST(TopCandidatesTest, KeepsAllWhileThereIsRoom) {
  TopCandidates top(3);
  Add(top, 1.0F, 7);
  Add(top, 2.0F, 8);
  EXPECT_EQ(ItemsOf(top), (std::vector<std::uint32_t>{8, 7}));
}

TEST(TopCandidatesTest, KeepsTheBestOfManyLikeASort) {
  Rng rng(3);
  TopCandidates top(10);
  std::vector<ScoredItem> all;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    all.push_back({static_cast<float>(rng.Below(200)), i});
    Add(top, all.back().score, i);
  }
  std::sort(all.begin(), all.end(), Precedes);
  std::vector<std::uint32_t> expected;
  for (std::size_t i = 0; i < 10; ++i) expected.push_back(all[i].item);
  EXPECT_EQ(ItemsOf(top), expected);
}

TEST(TopCandidatesTest, PrefersSmallerItemsAmongEqualScoresInAnyOrderOfArrival) {
  TopCandidates top(2);
  for (std::uint32_t item = 20; item > 0; --item) Add(top, 1.0F, item);
  EXPECT_EQ(ItemsOf(top), (std::vector<std::uint32_t>{1, 2}));
}

TEST(TopCandidatesTest, OneIsEnough) {
  TopCandidates top(1);
  for (std::uint32_t item = 100; item < 130; ++item) Add(top, item == 103 ? 5.0F : 1.0F, item);
  EXPECT_EQ(ItemsOf(top), (std::vector<std::uint32_t>{103}));
}

TEST(TopCandidatesTest, TheThresholdRisesToTheWorstThatIsKept) {
  TopCandidates top(2);
  for (std::uint32_t item = 0; item < 4; ++item) Add(top, static_cast<float>(item), item);
  EXPECT_EQ(top.threshold(), 2.0F);
}

TEST(TopCandidatesTest, IsEmptyAtFirst) {
  TopCandidates top(1);
  EXPECT_TRUE(top.Best().empty());
}

}  // namespace
}  // namespace twohop::ann_internal
