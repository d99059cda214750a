#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/binary.h"
#include "twohop/base/rng.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/recall/co_click_counter.h"
#include "twohop/recall/co_click_table.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::IsEmpty;

TimePoint Day(int day) { return TimePoint(std::chrono::days(day)); }

struct ClickOnDay {
  std::string user;
  std::uint32_t item = 0;
  int day = 0;
};

CoClickTable Count(std::size_t items, const std::vector<ClickOnDay>& clicks,
                   const CoClickOptions& options) {
  CoClickCounter counter(items, options);
  for (const ClickOnDay& click : clicks) {
    counter.Add(UserId(click.user), ItemIndex(click.item), Day(click.day));
  }
  return counter.Build({}).value();
}

std::vector<std::uint32_t> ItemsOf(std::span<const Neighbor> row) {
  std::vector<std::uint32_t> items;
  for (const Neighbor& neighbor : row) items.push_back(neighbor.item.value());
  return items;
}

TEST(CoClickCounterTest, ItemsOfTheSameUsersAreNeighbours) {
  const CoClickTable table =
      Count(4, {{"a", 0, 0}, {"a", 1, 0}, {"b", 0, 0}, {"b", 1, 0}, {"b", 2, 0}}, {.shrinkage = 0});
  ASSERT_EQ(table.rows(), 4);
  EXPECT_EQ(table.of(ItemIndex(0)).size(), 2);
  EXPECT_EQ(table.of(ItemIndex(0))[0], (Neighbor{ItemIndex(1), 1.0F}));
  EXPECT_THAT(table.of(ItemIndex(0))[1].score, FloatNear(1.0F / std::sqrt(2.0F), 1e-6F));
  EXPECT_THAT(table.of(ItemIndex(3)), IsEmpty());
}

TEST(CoClickCounterTest, FewUsersInCommonCountLess) {
  const std::vector<ClickOnDay> clicks = {{"a", 0, 0}, {"a", 1, 0}, {"b", 0, 0}, {"b", 1, 0}};
  const CoClickTable table = Count(2, clicks, {.shrinkage = 6});
  EXPECT_THAT(table.of(ItemIndex(0))[0].score, FloatNear(2.0F / 8.0F, 1e-6F));
}

TEST(CoClickCounterTest, OldClicksCountLess) {
  // Item 0 goes with item 1 lately and with item 2 two half-lives ago.
  const CoClickTable table = Count(3, {{"a", 0, 20}, {"a", 1, 20}, {"b", 0, 0}, {"b", 2, 0}},
                                   {.shrinkage = 0, .half_life = std::chrono::days(10)});
  const auto row = table.of(ItemIndex(0));
  EXPECT_THAT(ItemsOf(row), ElementsAre(1, 2));
  const float norm = std::sqrt(1.0F + 1.0F / 16.0F);
  EXPECT_THAT(row[0].score, FloatNear(1.0F / norm, 1e-6F));
  EXPECT_THAT(row[1].score, FloatNear(0.25F / norm, 1e-6F));
}

TEST(CoClickCounterTest, AnItemClickedAgainCountsOnceWithItsNewestClick) {
  const std::vector<ClickOnDay> once = {{"a", 0, 20}, {"a", 1, 5}, {"b", 1, 0}};
  std::vector<ClickOnDay> again = once;
  again.push_back({"a", 0, 3});
  EXPECT_EQ(Count(2, again, {}), Count(2, once, {}));
}

TEST(CoClickCounterTest, OfAUserTheNewestItemsCount) {
  const CoClickTable table =
      Count(3, {{"a", 0, 1}, {"a", 1, 3}, {"a", 2, 2}, {"a", 1, 4}}, {.max_items_per_user = 2});
  EXPECT_THAT(table.of(ItemIndex(0)), IsEmpty());
  EXPECT_THAT(ItemsOf(table.of(ItemIndex(1))), ElementsAre(2));
}

TEST(CoClickCounterTest, KeepsTheBestNeighboursTiesByItem) {
  const CoClickTable table =
      Count(4, {{"a", 0, 0}, {"a", 1, 0}, {"a", 2, 0}, {"a", 3, 0}, {"b", 1, 0}}, {.neighbors = 2});
  EXPECT_THAT(ItemsOf(table.of(ItemIndex(0))), ElementsAre(2, 3));
}

TEST(CoClickCounterTest, ClicksOfDecadesAgoStillHaveNeighbours) {
  const CoClickTable table =
      Count(3, {{"a", 0, 0}, {"a", 1, 0}, {"b", 2, 20'000}}, {.shrinkage = 0});
  EXPECT_THAT(table.of(ItemIndex(0))[0].score, FloatNear(1.0F, 1e-6F));
}

TEST(CoClickCounterTest, TheOrderOfClicksDoesNotMatter) {
  Rng rng(5);
  std::vector<ClickOnDay> clicks;
  for (int i = 0; i < 400; ++i) {
    clicks.push_back({"user" + std::to_string(rng.Below(30)),
                      static_cast<std::uint32_t>(rng.Below(40)), static_cast<int>(rng.Below(90))});
  }
  // Users are numbered as they come, so sums may differ in their last bits: compare who is there.
  const CoClickTable first = Count(40, clicks, {});
  rng.Shuffle(std::span(clicks));
  const CoClickTable second = Count(40, clicks, {});
  for (std::uint32_t i = 0; i < 40; ++i) {
    auto a = ItemsOf(first.of(ItemIndex(i)));
    auto b = ItemsOf(second.of(ItemIndex(i)));
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    ASSERT_EQ(a, b) << i;
  }
}

TEST(CoClickCounterTest, IsTheCosineOfTheWholeMatrix) {
  Rng rng(6);
  constexpr std::size_t kItems = 12;
  std::map<std::pair<std::string, std::uint32_t>, double> weights;
  CoClickCounter counter(kItems, {.shrinkage = 0});
  for (int i = 0; i < 60; ++i) {
    const std::string user = "user" + std::to_string(rng.Below(9));
    const auto item = static_cast<std::uint32_t>(rng.Below(kItems));
    counter.Add(UserId(user), ItemIndex(item), Day(0));
    weights[{user, item}] = 1.0;
  }
  const CoClickTable table = counter.Build({}).value();
  const auto dot = [&](std::uint32_t a, std::uint32_t b) {
    double sum = 0.0;
    for (int user = 0; user < 9; ++user) {
      const std::string name = "user" + std::to_string(user);
      sum += static_cast<double>(weights.contains({name, a}) && weights.contains({name, b}));
    }
    return sum;
  };
  for (std::uint32_t item = 0; item < kItems; ++item) {
    for (const Neighbor& neighbor : table.of(ItemIndex(item))) {
      const std::uint32_t other = neighbor.item.value();
      ASSERT_NEAR(neighbor.score, dot(item, other) / std::sqrt(dot(item, item) * dot(other, other)),
                  1e-6);
    }
  }
}

TEST(CoClickCounterTest, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(CoClickCounter(3).Build(stop.get_token()), FailsWith(ErrorCode::kCancelled, ""));
}

CoClickTable SomeTable() {
  CoClickTable table;
  table.Append(std::vector<Neighbor>{{ItemIndex(2), 0.5F}, {ItemIndex(1), 0.25F}});
  table.Append({});
  table.Append(std::vector<Neighbor>{{ItemIndex(0), 1.0F}});
  return table;
}

TEST(CoClickTableTest, HasARowForEveryItemThatWasAppended) {
  const CoClickTable table = SomeTable();
  EXPECT_EQ(table.rows(), 3);
  EXPECT_EQ(table.size(), 3);
  EXPECT_THAT(ItemsOf(table.of(ItemIndex(0))), ElementsAre(2, 1));
  EXPECT_THAT(table.of(ItemIndex(1)), IsEmpty());
  EXPECT_THAT(table.of(ItemIndex(9)), IsEmpty());
}

TEST(CoClickTableTest, ComesBackFromItsBytes) {
  ASSERT_OK_AND_ASSIGN(const CoClickTable read, DecodeCoClicks(EncodeCoClicks(SomeTable()), 3));
  EXPECT_EQ(read, SomeTable());
  ASSERT_OK_AND_ASSIGN(const CoClickTable empty, DecodeCoClicks(EncodeCoClicks({}), 3));
  EXPECT_EQ(empty, CoClickTable());
}

TEST(CoClickTableTest, CutBytesAreDataLoss) {
  const std::string bytes = EncodeCoClicks(SomeTable());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_THAT(DecodeCoClicks(bytes.substr(0, size), 3), FailsWith(ErrorCode::kDataLoss, ""))
        << size;
  }
}

TEST(CoClickTableTest, RowsOfAnotherCatalogueAreDataLoss) {
  EXPECT_THAT(DecodeCoClicks(EncodeCoClicks(SomeTable()), 2),
              FailsWith(ErrorCode::kDataLoss, "item 2"));
  EXPECT_THAT(DecodeCoClicks(EncodeCoClicks(SomeTable()), 4),
              FailsWith(ErrorCode::kDataLoss, "3 rows instead of 4"));
}

TEST(CoClickTableTest, AScoreThatIsNoneIsDataLoss) {
  CoClickTable table;
  table.Append(std::vector<Neighbor>{{ItemIndex(0), std::nanf("")}});
  EXPECT_THAT(DecodeCoClicks(EncodeCoClicks(table), 1), FailsWith(ErrorCode::kDataLoss, "nan"));
}

TEST(CoClickTableTest, ANewerVersionIsUnimplemented) {
  BinaryWriter out;
  out.Bytes("twohop co-clicks");
  out.Unsigned(2);
  EXPECT_THAT(DecodeCoClicks(out.str(), 1), FailsWith(ErrorCode::kUnimplemented, "version 2"));
}

}  // namespace
}  // namespace twohop
