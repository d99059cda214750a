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

  void Feedback(FeedbackVerdict verdict, std::string_view category, int minutes) {
    ApplyEvent(FeedbackStateEvent("ann", verdict, category, "a need", minutes), activity_);
  }
  void SeeNovel(std::string_view category, int minutes) {
    ApplyEvent(NoveltyEvent(EventType::kExposure, "ann", category, minutes), activity_);
  }
  void ClickNovel(std::string_view category, int minutes) {
    ApplyEvent(NoveltyEvent(EventType::kClick, "ann", category, minutes), activity_);
  }

  const std::vector<FeedbackRecord>& given() const { return activity_.feedback.given; }
  const std::vector<NoveltyOutcome>& outcomes() const { return activity_.feedback.outcomes; }

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

TEST_F(UserActivityTest, ExposuresAreNewestFirst) {
  See("a", 1);
  See("c", 3);
  See("a", 2);
  EXPECT_THAT(activity_.exposures, ElementsAre(ExposureRecord{ItemId("c"), TestTime(3)},
                                               ExposureRecord{ItemId("a"), TestTime(2)},
                                               ExposureRecord{ItemId("a"), TestTime(1)}));
}

TEST_F(UserActivityTest, AnExposureIsKeptForThirtyDaysOfTheUsersNewestEvent) {
  See("a", 0);
  Search("tent", 30 * kDay);
  EXPECT_EQ(activity_.exposures.size(), 1U);
  Search("tent", 30 * kDay + 1);
  EXPECT_THAT(activity_.exposures, IsEmpty());
  EXPECT_EQ(activity_.exposure_count, 1U);
}

TEST_F(UserActivityTest, TheOldestExposureBeyondTheLimitIsForgotten) {
  for (int i = 0; i <= static_cast<int>(kMaxExposures); ++i) See(fmt::format("i{}", i), i);
  EXPECT_EQ(activity_.exposures.size(), kMaxExposures);
  EXPECT_EQ(activity_.exposures.back().item, ItemId("i1"));
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

TEST_F(UserActivityTest, FeedbackIsNewestFirst) {
  Feedback(FeedbackVerdict::kReject, "tents", 1);
  Feedback(FeedbackVerdict::kAccept, "lamps", 3);
  Feedback(FeedbackVerdict::kNotThisDirection, "pans", 2);
  EXPECT_THAT(
      given(),
      ElementsAre(FeedbackRecord{FeedbackVerdict::kAccept, "lamps", "a need", TestTime(3)},
                  FeedbackRecord{FeedbackVerdict::kNotThisDirection, "pans", "a need", TestTime(2)},
                  FeedbackRecord{FeedbackVerdict::kReject, "tents", "a need", TestTime(1)}));
  EXPECT_EQ(activity_.newest, TestTime(3));
}

TEST_F(UserActivityTest, OldestFeedbackBeyondTheLimitIsForgotten) {
  for (int i = 0; i <= static_cast<int>(kMaxFeedback); ++i) {
    Feedback(FeedbackVerdict::kReject, fmt::format("c{}", i), i);
  }
  EXPECT_EQ(given().size(), kMaxFeedback);
  EXPECT_EQ(given().back().category_id, "c1");
}

TEST_F(UserActivityTest, ExposuresOfTheNoveltyChannelAreCountedByCategory) {
  SeeNovel("tents", 1);
  SeeNovel("lamps", 2);
  SeeNovel("tents", 3);
  EXPECT_THAT(outcomes(), ElementsAre(NoveltyOutcome{"tents", 2, 0, 2, TestTime(3)},
                                      NoveltyOutcome{"lamps", 1, 0, 1, TestTime(2)}));
  EXPECT_EQ(activity_.exposure_count, 3U);
}

TEST_F(UserActivityTest, AClickAnswersTheExposuresBeforeIt) {
  SeeNovel("tents", 1);
  SeeNovel("tents", 2);
  ClickNovel("tents", 3);
  SeeNovel("tents", 4);
  EXPECT_THAT(outcomes(), ElementsAre(NoveltyOutcome{"tents", 3, 1, 1, TestTime(4)}));
  EXPECT_EQ(activity_.clicks.size(), 1U);
}

TEST_F(UserActivityTest, ALateExposureCountsAndDoesNotMakeTheCategoryOlder) {
  SeeNovel("tents", 5);
  SeeNovel("tents", 1);
  EXPECT_THAT(outcomes(), ElementsAre(NoveltyOutcome{"tents", 2, 0, 2, TestTime(5)}));
}

TEST_F(UserActivityTest, UnansweredExposuresAreForgottenAfterALongPause) {
  SeeNovel("tents", 0);
  SeeNovel("tents", 1);
  SeeNovel("tents", 1 + 90 * kDay);
  EXPECT_EQ(outcomes().at(0).unanswered, 1U);
  EXPECT_EQ(outcomes().at(0).exposures, 3U);
}

TEST_F(UserActivityTest, OtherChannelsAndUnknownItemsAreNotCountedForNovelty) {
  See("pan", 1);
  Click("pan", 2);
  SeeNovel("", 3);
  StateEvent like = NoveltyEvent(EventType::kLike, "ann", "tents", 4);
  ApplyEvent(like, activity_);
  EXPECT_THAT(outcomes(), IsEmpty());
}

TEST_F(UserActivityTest, CategoryThatWasSeenLongestAgoBeyondTheLimitIsForgotten) {
  for (int i = 0; i <= static_cast<int>(kMaxNoveltyOutcomes); ++i) {
    SeeNovel(fmt::format("c{}", i), i);
  }
  EXPECT_EQ(outcomes().size(), kMaxNoveltyOutcomes);
  EXPECT_EQ(outcomes().back().category_id, "c1");
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
