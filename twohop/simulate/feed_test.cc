#include "twohop/simulate/feed.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/simulate/testing/demo_blueprint.h"

namespace twohop::simulate_internal {
namespace {

constexpr Level1Index kA(0);
constexpr CategoryIndex kA1(0);
constexpr CategoryIndex kB1(2);
constexpr CategoryIndex kC1(4);

class FeedTest : public ::testing::Test {
 protected:
  std::vector<Shown> Page(const Feed& feed, std::size_t count = 10) {
    return feed.Compose(count, rng_);
  }

  // Of many pages.
  double ShareOf(const Feed& feed, Level1Index level1) {
    double hits = 0;
    for (int i = 0; i < 200; ++i) {
      const auto page = Page(feed);
      hits += static_cast<double>(std::ranges::count_if(
          page, [&](const Shown& shown) { return shop_.level1_of(shown.item) == level1; }));
    }
    return hits / 2'000.0;
  }

  static void Click(Feed& feed, CategoryIndex category, int times) {
    for (int i = 0; i < times; ++i) feed.Learn(category);
  }

  CommunityBlueprint blueprint_ = MakeTinyBlueprint();
  Shop shop_{blueprint_, 600, Rng(1)};
  Rng rng_{2};
};

TEST_F(FeedTest, APageHoldsDistinctItems) {
  const Feed feed(shop_, {kA});
  const auto page = Page(feed, 30);
  std::set<ItemIndex> items;
  for (const Shown& shown : page) items.insert(shown.item);
  EXPECT_EQ(items.size(), page.size());
}

TEST_F(FeedTest, ANewUserMostlySeesTheTickedTopics) {
  EXPECT_GT(ShareOf(Feed(shop_, {kA}), kA), 0.8);
}

TEST_F(FeedTest, WithoutTopicsANewUserSeesEverything) {
  EXPECT_LT(ShareOf(Feed(shop_, {}), kA), 0.4);
}

TEST_F(FeedTest, ClicksBringMoreOfTheSame) {
  Feed feed(shop_, {kA});
  const double before = ShareOf(feed, Level1Index(1));
  Click(feed, kB1, 20);
  EXPECT_GT(ShareOf(feed, Level1Index(1)), before + 0.5);
}

TEST_F(FeedTest, WhatWasClickedMostComesFirst) {
  Feed feed(shop_, {kA});
  Click(feed, kB1, 30);
  Click(feed, kC1, 10);
  const auto page = Page(feed);
  EXPECT_EQ(shop_.at(page.front().item).item.category, kB1);
}

TEST_F(FeedTest, ExplorationIsRareAndNamed) {
  Feed feed(shop_, {kA});
  Click(feed, kA1, 50);
  std::size_t explored = 0;
  for (int i = 0; i < 500; ++i) {
    const auto page = Page(feed);
    explored += static_cast<std::size_t>(std::ranges::count(page, ShownBy::kExplore, &Shown::by));
  }
  EXPECT_GT(explored, 30U);
  EXPECT_LT(explored, 150U);
  EXPECT_EQ(ShownByName(ShownBy::kExplore), "explore");
}

TEST_F(FeedTest, AShopWithFewItemsGivesAShortPage) {
  const Shop small(blueprint_, 12, Rng(1));
  const Feed feed(small, {});
  EXPECT_LE(feed.Compose(30, rng_).size(), 12U);
}

}  // namespace
}  // namespace twohop::simulate_internal
