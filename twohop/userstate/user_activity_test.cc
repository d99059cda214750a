#include "twohop/userstate/user_activity.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/rng.h"
#include "twohop/userstate/testing/state_events.h"

namespace twohop::userstate_internal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kDay = 24 * 60;

class UserActivityTest : public testing::Test {
 protected:
  void Click(std::string_view item, int minutes) {
    ApplyEvent(ClickEvent("ann", item, minutes), activity_);
  }
  void Search(std::string_view query, int minutes) {
    ApplyEvent(SearchStateEvent("ann", query, minutes), activity_);
  }
  void See(std::string_view item, int minutes) {
    ApplyEvent(ExposureEvent("ann", item, minutes), activity_);
  }

  std::vector<std::string> Clicked() const {
    std::vector<std::string> items;
    for (const ClickRecord& click : activity_.clicks) items.push_back(click.item.value());
    return items;
  }
  std::vector<std::string> Searched() const {
    std::vector<std::string> queries;
    for (const SearchRecord& search : activity_.searches) queries.push_back(search.query);
    return queries;
  }

  UserActivity activity_;
};

TEST_F(UserActivityTest, ClicksAreNewestFirst) {
  Click("a", 1);
  Click("b", 2);
  EXPECT_THAT(Clicked(), ElementsAre("b", "a"));
}

TEST_F(UserActivityTest, ClickKeepsWhatTheCatalogueKnewOfItsItem) {
  Click("pan", 1);
  EXPECT_THAT(activity_.clicks,
              ElementsAre(ClickRecord{ItemId("pan"), "Kitchen/pans", "Kitchen", TestTime(1)}));
}

TEST_F(UserActivityTest, LateClickLandsWhereItsTimeBelongs) {
  Click("a", 1);
  Click("c", 3);
  Click("b", 2);
  EXPECT_THAT(Clicked(), ElementsAre("c", "b", "a"));
}

TEST_F(UserActivityTest, OfTwoClicksAtOnceTheLaterInTheLogIsNewer) {
  Click("a", 1);
  Click("b", 1);
  EXPECT_THAT(Clicked(), ElementsAre("b", "a"));
}

TEST_F(UserActivityTest, OldestClickBeyondTheWindowIsForgotten) {
  for (int i = 0; i <= static_cast<int>(kClickWindow); ++i) Click(fmt::format("i{}", i), i);
  EXPECT_EQ(activity_.clicks.size(), kClickWindow);
  EXPECT_EQ(activity_.clicks.back().item, ItemId("i1"));
}

TEST_F(UserActivityTest, ClickThatIsTooLateForAFullWindowIsCountedAndNotKept) {
  for (int i = 1; i <= static_cast<int>(kClickWindow); ++i) Click(fmt::format("i{}", i), i);
  Click("late", 0);
  EXPECT_EQ(activity_.clicks.back().item, ItemId("i1"));
  EXPECT_EQ(activity_.click_count, kClickWindow + 1);
}

TEST_F(UserActivityTest, ExposuresAreCountedAlone) {
  See("a", 1);
  See("a", 2);
  EXPECT_EQ(activity_.exposure_count, 2U);
  EXPECT_THAT(activity_.clicks, IsEmpty());
}

TEST_F(UserActivityTest, SearchesAreNewestFirst) {
  Search("tent", 1);
  Search("lamp", 2);
  EXPECT_THAT(Searched(), ElementsAre("lamp", "tent"));
}

TEST_F(UserActivityTest, RepeatedSearchStandsOnceAsSpelledLast) {
  Search("Tent for two", 1);
  Search("lamp", 2);
  Search("tent  for TWO!", 3);
  EXPECT_THAT(Searched(), ElementsAre("tent  for TWO!", "lamp"));
}

TEST_F(UserActivityTest, LateRepeatOfASearchChangesNothing) {
  Search("Tent", 3);
  Search("lamp", 2);
  Search("tent", 1);
  EXPECT_THAT(Searched(), ElementsAre("Tent", "lamp"));
}

TEST_F(UserActivityTest, SearchWithoutWordsIsNotKept) {
  Search(" ?! ", 1);
  EXPECT_THAT(Searched(), IsEmpty());
}

TEST_F(UserActivityTest, SearchIsKeptForThirtyDaysOfTheUsersNewestEvent) {
  Search("tent", 0);
  See("a", 30 * kDay);
  EXPECT_THAT(Searched(), ElementsAre("tent"));
  See("a", 30 * kDay + 1);
  EXPECT_THAT(Searched(), IsEmpty());
}

TEST_F(UserActivityTest, SearchThatComesTooLateIsNotKept) {
  See("a", 31 * kDay);
  Search("tent", 0);
  EXPECT_THAT(Searched(), IsEmpty());
}

TEST_F(UserActivityTest, OldestSearchBeyondTheLimitIsForgotten) {
  for (int i = 0; i <= static_cast<int>(kMaxSearches); ++i) Search(fmt::format("query {}", i), i);
  EXPECT_EQ(activity_.searches.size(), kMaxSearches);
  EXPECT_EQ(activity_.searches.back().query, "query 1");
}

// Events at distinct times: then what is kept depends on the times alone.
TEST_F(UserActivityTest, OrderOfArrivalDoesNotMatterAtDistinctTimes) {
  Rng rng(7);
  std::vector<StateEvent> events = RandomEvents(2'000, 1, rng);
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].event.time = TestTime(static_cast<int>(i) * 30);
  }
  for (const StateEvent& event : events) ApplyEvent(event, activity_);
  for (int round = 0; round < 5; ++round) {
    rng.Shuffle(std::span(events));
    UserActivity shuffled;
    for (const StateEvent& event : events) ApplyEvent(event, shuffled);
    ASSERT_EQ(shuffled, activity_);
  }
}

}  // namespace
}  // namespace twohop::userstate_internal
