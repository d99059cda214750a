#include "twohop/experiment/novelty_metrics.h"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop {
namespace {

using ::testing::Each;
using ::testing::SizeIs;

// Category 32 lies in level-1 category 3.
ListedItem Of(std::uint32_t category) {
  return {CategoryIndex(category), Level1Index(category / 10)};
}

ItemList List(const std::vector<std::uint32_t>& items, const std::vector<std::uint32_t>& clicked,
              const std::vector<std::uint32_t>& hidden = {}) {
  ItemList list;
  for (const auto category : items) list.items.push_back(Of(category));
  for (const auto level1 : clicked) list.clicked_level1.emplace_back(level1);
  for (const auto category : hidden) list.hidden.emplace_back(category);
  return list;
}

std::vector<ListedItem> Catalogue(std::uint32_t categories) {
  std::vector<ListedItem> items;
  for (std::uint32_t c = 0; c < categories; ++c) items.push_back(Of(c));
  return items;
}

std::vector<CategoryIndex> CategoriesOf(const ItemList& list) {
  std::vector<CategoryIndex> categories;
  for (const ListedItem& item : list.items) categories.push_back(item.category);
  return categories;
}

TEST(NoveltyRateTest, ItemsOutsideTheClickedLevel1CategoriesAreNovel) {
  const std::vector<ItemList> lists = {List({10, 11, 20, 30}, {1, 2}),  // 1 of 4
                                       List({40}, {})};                 // 1 of 1
  const NoveltyRate rate = MeasureNovelty(lists);
  EXPECT_EQ(rate.lists, 2U);
  EXPECT_EQ(rate.items, 5U);
  EXPECT_EQ(rate.novel_items, 2U);
  EXPECT_DOUBLE_EQ(rate.of_items, 0.4);
  EXPECT_DOUBLE_EQ(rate.of_lists, (0.25 + 1.0) / 2);
}

TEST(NoveltyRateTest, AnEmptyListCountsAsNothingNew) {
  const std::vector<ItemList> lists = {List({}, {1}), List({20}, {1})};
  EXPECT_DOUBLE_EQ(MeasureNovelty(lists).of_lists, 0.5);
  EXPECT_DOUBLE_EQ(MeasureNovelty(lists).of_items, 1.0);
}

TEST(NoveltyRateTest, WithoutListsTheRateIsZero) {
  EXPECT_EQ(MeasureNovelty({}).of_items, 0.0);
  EXPECT_EQ(MeasureNovelty({}).of_lists, 0.0);
}

TEST(DiversityTest, CountsDistinctCategoriesAndTheirEntropy) {
  // Level 1: 1, 1, 2, 2 (1 bit); level 3: 10, 10, 20, 21 (1.5 bits).
  const std::vector<ItemList> lists = {List({10, 10, 20, 21}, {})};
  const Diversity diversity = MeasureDiversity(lists);
  EXPECT_DOUBLE_EQ(diversity.distinct_level1, 2.0);
  EXPECT_DOUBLE_EQ(diversity.distinct_level3, 3.0);
  EXPECT_DOUBLE_EQ(diversity.level1_entropy_bits, 1.0);
  EXPECT_DOUBLE_EQ(diversity.level3_entropy_bits, 1.5);
}

TEST(DiversityTest, IsTheMeanOverListsWithItems) {
  const std::vector<ItemList> lists = {List({10, 20}, {}), List({10}, {}), List({}, {})};
  const Diversity diversity = MeasureDiversity(lists);
  EXPECT_EQ(diversity.lists, 2U);
  EXPECT_DOUBLE_EQ(diversity.distinct_level1, 1.5);
  EXPECT_DOUBLE_EQ(diversity.level1_entropy_bits, 0.5);
}

TEST(DiversityTest, WithoutItemsAllIsZero) {
  const std::vector<ItemList> lists = {List({}, {})};
  EXPECT_EQ(MeasureDiversity(lists).lists, 0U);
  EXPECT_EQ(MeasureDiversity(lists).distinct_level3, 0.0);
}

TEST(HiddenHitsTest, CountUsersInterestsAndItems) {
  const std::vector<ItemList> lists = {
      // Novel: 20, 20, 30, 41. Hits: 20 twice and 41. Found: 2 of 3.
      List({10, 20, 20, 30, 41}, /*clicked=*/{1}, /*hidden=*/{20, 41, 55}),
      // Novel: 30. Found: none of 1.
      List({10, 30}, /*clicked=*/{1}, /*hidden=*/{60})};
  const HiddenHits hits = MeasureHiddenHits(lists);
  EXPECT_EQ(hits.users, 2U);
  EXPECT_EQ(hits.users_hit, 1U);
  EXPECT_EQ(hits.hidden, 4U);
  EXPECT_EQ(hits.hidden_found, 2U);
  EXPECT_EQ(hits.novel_items, 5U);
  EXPECT_EQ(hits.novel_hits, 3U);
  EXPECT_DOUBLE_EQ(hits.user_hit_rate, 0.5);
  EXPECT_DOUBLE_EQ(hits.interest_recall, 0.5);
  EXPECT_DOUBLE_EQ(hits.novel_precision, 0.6);
}

TEST(HiddenHitsTest, UsersWhoHideNothingDoNotCount) {
  const std::vector<ItemList> lists = {List({20}, {1}, {20}), List({20, 30}, {1})};
  const HiddenHits hits = MeasureHiddenHits(lists);
  EXPECT_EQ(hits.users, 1U);
  EXPECT_EQ(hits.novel_items, 1U);
  EXPECT_DOUBLE_EQ(hits.user_hit_rate, 1.0);
}

TEST(HiddenHitsTest, AnEmptyListMisses) {
  const std::vector<ItemList> lists = {List({}, {1}, {20})};
  EXPECT_EQ(MeasureHiddenHits(lists).user_hit_rate, 0.0);
  EXPECT_EQ(MeasureHiddenHits(lists).novel_precision, 0.0);
}

TEST(HiddenHitsTest, WithoutUsersAllIsZero) {
  EXPECT_EQ(MeasureHiddenHits({}).user_hit_rate, 0.0);
  EXPECT_EQ(MeasureHiddenHits({}).interest_recall, 0.0);
}

class RandomNovelListsTest : public ::testing::Test {
 protected:
  std::vector<ItemList> Draw(const std::vector<ItemList>& lists, std::size_t count,
                             std::uint64_t seed = 1) const {
    Rng rng(seed);
    return DrawRandomNovelLists(lists, catalogue_, count, rng);
  }

  std::vector<ListedItem> catalogue_ = Catalogue(100);  // Ten level-1 categories of ten.
};

TEST_F(RandomNovelListsTest, HoldNovelItemsOfTheSameUserOnly) {
  const auto drawn = Draw({List({10}, {1, 4}, {77})}, 80);
  ASSERT_THAT(drawn, SizeIs(1));
  EXPECT_EQ(CountNovel(drawn[0]), 80U);
  EXPECT_EQ(drawn[0].hidden, std::vector<CategoryIndex>{CategoryIndex(77)});
}

TEST_F(RandomNovelListsTest, HoldEveryItemOnce) {
  auto categories = CategoriesOf(Draw({List({}, {1})}, 90)[0]);
  std::ranges::sort(categories);
  EXPECT_EQ(std::ranges::adjacent_find(categories), categories.end());
}

TEST_F(RandomNovelListsTest, AreShorterIfThereIsNotEnoughThatIsNovel) {
  EXPECT_THAT(Draw({List({}, {0, 1, 2, 3, 4, 5, 6, 7, 8})}, 50)[0].items, SizeIs(10));
}

TEST_F(RandomNovelListsTest, EqualSeedsDrawEqualLists) {
  const std::vector<ItemList> lists = {List({}, {1}), List({}, {2})};
  EXPECT_EQ(CategoriesOf(Draw(lists, 5, 3)[1]), CategoriesOf(Draw(lists, 5, 3)[1]));
  EXPECT_NE(CategoriesOf(Draw(lists, 5, 3)[1]), CategoriesOf(Draw(lists, 5, 4)[1]));
}

TEST_F(RandomNovelListsTest, HitAHiddenInterestAsOftenAsChanceSays) {
  // One of 90 novel items is wanted; nine are drawn: one list in ten.
  const std::vector<ItemList> lists(2'000, List({}, {1}, {55}));
  EXPECT_NEAR(MeasureHiddenHits(Draw(lists, 9)).user_hit_rate, 0.1, 0.02);
}

TEST_F(RandomNovelListsTest, MatchingListsHaveAsManyItemsAsThereWereNovelOnes) {
  Rng rng(1);
  const std::vector<ItemList> lists = {List({10, 20, 30}, {1}), List({10, 11}, {1})};
  const auto drawn = DrawMatchingRandomLists(lists, catalogue_, rng);
  EXPECT_THAT(drawn[0].items, SizeIs(2));
  EXPECT_THAT(drawn[1].items, SizeIs(0));
}

}  // namespace
}  // namespace twohop
