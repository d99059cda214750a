#include "twohop/domain/interest_feedback.h"

#include <string>

#include <gtest/gtest.h>

namespace twohop {
namespace {

using std::chrono::days;

const TimePoint kNow(Milliseconds(1'700'000'000'000));  // 2023-11-14.

// A fixture that speaks of what a user said and did, each a day after the one before it and the
// last a day ago, unless told otherwise.
class InterestFeedbackTest : public testing::Test {
 protected:
  void Says(FeedbackVerdict verdict, std::string category, std::string demand, int days_ago = 1) {
    for (FeedbackRecord& earlier : feedback_.given) earlier.time -= days(1);
    feedback_.given.insert(feedback_.given.begin(), {verdict, std::move(category),
                                                     std::move(demand), kNow - days(days_ago)});
  }
  void Accepts(std::string category, std::string demand) {
    Says(FeedbackVerdict::kAccept, std::move(category), std::move(demand));
  }
  void Rejects(std::string category, std::string demand) {
    Says(FeedbackVerdict::kReject, std::move(category), std::move(demand));
  }
  void LeavesDirection(std::string category, std::string demand) {
    Says(FeedbackVerdict::kNotThisDirection, std::move(category), std::move(demand));
  }
  void Sees(std::string category, std::uint64_t unanswered, std::uint64_t clicks = 0,
            int days_ago = 1) {
    feedback_.outcomes.push_back({.category_id = std::move(category),
                                  .exposures = unanswered,
                                  .clicks = clicks,
                                  .unanswered = unanswered,
                                  .newest = kNow - days(days_ago)});
  }

  float Of(std::string_view demand, std::string_view category) const {
    return WeighFeedback(feedback_, kNow).Of(demand, category);
  }
  std::string Reason(std::string_view demand, std::string_view category) const {
    return WeighFeedback(feedback_, kNow).Reason(demand, category);
  }

  InterestFeedback feedback_;
};

TEST_F(InterestFeedbackTest, WithoutFeedbackEverythingWeighsOne) {
  EXPECT_TRUE(WeighFeedback(feedback_, kNow).empty());
  EXPECT_EQ(Of("camping", "lamps"), 1.0F);
  EXPECT_EQ(Reason("camping", "lamps"), "");
}

TEST_F(InterestFeedbackTest, ARejectedCategoryIsOutWhateverTheDemand) {
  Rejects("lamps", "camping");
  EXPECT_EQ(Of("camping", "lamps"), 0.0F);
  EXPECT_EQ(Of("reading at night", "lamps"), 0.0F);
}

TEST_F(InterestFeedbackTest, TheDemandOfARejectedCategoryCountsLess) {
  Rejects("lamps", "camping");
  EXPECT_FLOAT_EQ(Of("camping", "stoves"), 0.7F);
  EXPECT_EQ(Of("reading at night", "stoves"), 1.0F);
}

TEST_F(InterestFeedbackTest, RejectedCategoriesAloneNeverTakeADemandAway) {
  for (const char* category : {"a", "b", "c", "d", "e", "f", "g"}) Rejects(category, "camping");
  EXPECT_FLOAT_EQ(Of("camping", "stoves"), FeedbackPolicy().floor);
}

TEST_F(InterestFeedbackTest, ACategoryThatIsRejectedTwiceCountsOnceAgainstItsDemand) {
  Rejects("lamps", "camping");
  Rejects("lamps", "Camping!");
  EXPECT_FLOAT_EQ(Of("camping", "stoves"), 0.7F);
}

TEST_F(InterestFeedbackTest, ADirectionThatIsLeftTakesAllThatIsReachedThroughItAlone) {
  LeavesDirection("lamps", "camping");
  EXPECT_EQ(Of("camping", "lamps"), 0.0F);
  EXPECT_EQ(Of(" CAMPING ", "stoves"), 0.0F);
  EXPECT_EQ(Of("reading at night", "lamps"), 1.0F);
}

TEST_F(InterestFeedbackTest, LeavingAnUnknownDirectionRejectsTheCategory) {
  LeavesDirection("lamps", "");
  EXPECT_EQ(Of("reading at night", "lamps"), 0.0F);
  EXPECT_EQ(Of("", "stoves"), 1.0F);
}

TEST_F(InterestFeedbackTest, AnAcceptedCategoryRaisesItsDemand) {
  Accepts("lamps", "camping");
  EXPECT_FLOAT_EQ(Of("camping", "lamps"), kMaxFeedbackWeight);
  EXPECT_FLOAT_EQ(Of("camping", "stoves"), 1.25F);
  EXPECT_FLOAT_EQ(Of("reading at night", "lamps"), 1.25F);
  EXPECT_EQ(Of("reading at night", "desks"), 1.0F);
}

TEST_F(InterestFeedbackTest, NothingGainsMoreThanTheLimit) {
  for (const char* category : {"a", "b", "c", "d"}) Accepts(category, "camping");
  EXPECT_FLOAT_EQ(Of("camping", "a"), kMaxFeedbackWeight);
  EXPECT_FLOAT_EQ(Of("camping", "stoves"), kMaxFeedbackWeight);
}

TEST_F(InterestFeedbackTest, TheNewestWordOnACategoryCounts) {
  Rejects("lamps", "camping");
  Accepts("lamps", "camping");
  EXPECT_FLOAT_EQ(Of("camping", "stoves"), 1.25F);
  EXPECT_GT(Of("camping", "lamps"), 1.0F);
  Rejects("lamps", "camping");
  EXPECT_EQ(Of("camping", "lamps"), 0.0F);
  EXPECT_FLOAT_EQ(Of("camping", "stoves"), 0.7F);
}

TEST_F(InterestFeedbackTest, ADirectionComesBackWhenACategoryOfItIsAccepted) {
  LeavesDirection("lamps", "camping");
  Accepts("stoves", "camping");
  EXPECT_FLOAT_EQ(Of("camping", "lamps"), 1.25F);
  LeavesDirection("stoves", "camping");
  EXPECT_EQ(Of("camping", "lamps"), 0.0F);
}

TEST_F(InterestFeedbackTest, FeedbackIsForgottenAfterNinetyDays) {
  Says(FeedbackVerdict::kReject, "lamps", "camping", 89);
  EXPECT_EQ(Of("camping", "lamps"), 0.0F);
  feedback_.given[0].time = kNow - kFeedbackMemory;
  EXPECT_EQ(Of("camping", "lamps"), 1.0F);
}

TEST_F(InterestFeedbackTest, FeedbackFromTheFutureCounts) {
  Says(FeedbackVerdict::kReject, "lamps", "camping", -1);
  EXPECT_EQ(Of("camping", "lamps"), 0.0F);
}

TEST_F(InterestFeedbackTest, ExposuresWithoutAClickHalveTheWeightAndThenTakeTheCategoryOut) {
  Sees("nine", 9);
  Sees("ten", 10);
  Sees("twenty", 20);
  Sees("thirty", 30);
  Sees("many", std::uint64_t{1} << 60U);
  EXPECT_EQ(Of("camping", "nine"), 1.0F);
  EXPECT_EQ(Of("camping", "ten"), 0.5F);
  EXPECT_EQ(Of("camping", "twenty"), 0.25F);
  EXPECT_EQ(Of("camping", "thirty"), 0.0F);
  EXPECT_EQ(Of("camping", "many"), 0.0F);
}

TEST_F(InterestFeedbackTest, AClickIsASilentAcceptanceUntilTooManyExposuresFollow) {
  Sees("lamps", 3, /*clicks=*/1);
  Sees("stoves", 10, /*clicks=*/1);
  EXPECT_FLOAT_EQ(Of("camping", "lamps"), 1.1F);
  EXPECT_EQ(Of("camping", "stoves"), 0.5F);
}

TEST_F(InterestFeedbackTest, ACategoryThatWasNotShownForLongGetsAnotherChance) {
  Sees("lamps", 40, /*clicks=*/0, /*days_ago=*/90);
  EXPECT_EQ(Of("camping", "lamps"), 1.0F);
}

TEST_F(InterestFeedbackTest, WhatTheUserSaidCountsMoreThanWhatTheyDid) {
  Accepts("lamps", "");
  Sees("lamps", 100);
  Rejects("stoves", "");
  Sees("stoves", 1, /*clicks=*/5);
  EXPECT_FLOAT_EQ(Of("camping", "lamps"), 1.25F);
  EXPECT_EQ(Of("camping", "stoves"), 0.0F);
}

TEST_F(InterestFeedbackTest, EveryWeightHasAReasonInWords) {
  Sees("stoves", 12);
  Sees("mats", 0, 3);
  Rejects("lamps", "Camping");
  Accepts("tents", "far trips");
  LeavesDirection("desks", "working at home");
  EXPECT_EQ(Reason("x", "stoves"), "shown 12 times without a click");
  EXPECT_EQ(Reason("x", "mats"), "clicked 3 times");
  EXPECT_EQ(Reason("x", "lamps"), "rejected on 2023-11-11");
  EXPECT_EQ(Reason("x", "tents"), "accepted on 2023-11-12");
  EXPECT_EQ(Reason("camping", "stoves"),
            "shown 12 times without a click; \"camping\": 0 accepted, 1 rejected");
  EXPECT_EQ(Reason("working at home", "x"),
            "\"working at home\" is not the direction since 2023-11-13");
}

}  // namespace
}  // namespace twohop
