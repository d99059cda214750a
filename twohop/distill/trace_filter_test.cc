#include "twohop/distill/trace_filter.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A user of the small shop who knows "Outdoors" and searched for "gas stove" and "tent".
class TraceFilterTest : public testing::Test {
 protected:
  TraceFilterTest() {
    user_.profile.id = UserId("u1");
    user_.searches = {{.query = "gas stove"}, {.query = "tent"}};
    user_.clicked_level1 = {"Outdoors"};
  }

  void Demand(Json demand) { answer_["demands"].push_back(std::move(demand)); }
  void Demand(const char* id, const char* text, const char* from) {
    Demand({{"id", id}, {"text", text}, {"from", {from}}});
  }
  void Interest(Json interest) { answer_["interests"].push_back(std::move(interest)); }
  void Interest(const char* category, const char* from) {
    Interest({{"category", category}, {"from", from}, {"relation", "hyponym"}});
  }

  void Review(std::string_view thought = {}) {
    review_ = ReviewTeacherAnswer(answer_, thought, user_, *SmallShop(), blocklist_);
  }

  std::uint64_t Faults(TraceFault fault) const {
    return review_.faults[static_cast<std::size_t>(fault)];
  }

  std::vector<std::string> Kept() const {
    std::vector<std::string> labels;
    for (const TraceInterest& interest : review_.trace.interests) {
      labels.push_back(SmallShop()->label(interest.category));
    }
    return labels;
  }

  UserContext user_;
  Blocklist blocklist_ = *Blocklist::Parse("prayer*\ndiabet*");
  Json answer_ = {{"reasoning", "camps"}, {"demands", Json::array()}, {"interests", Json::array()}};
  TraceReview review_;
};

TEST_F(TraceFilterTest, KeepsAnAnswerThatStands) {
  Demand("d1", "sleeping outdoors", "tent");
  Interest("Lanterns", "d1");
  Interest("hiking boots", "d1");
  Review();
  EXPECT_FALSE(review_.reject.has_value());
  EXPECT_EQ(review_.trace.user.profile.id, UserId("u1"));
  EXPECT_EQ(review_.trace.reasoning, "camps");
  EXPECT_THAT(review_.trace.demands, ElementsAre(TraceDemand{"sleeping outdoors", {"tent"}}));
  EXPECT_THAT(Kept(), ElementsAre("Lanterns", "Hiking Boots"));
  EXPECT_EQ(review_.faults, TraceFaultCounts{});
}

TEST_F(TraceFilterTest, WhatIsKeptIsWhatParseTraceReads) {
  Demand("x", "cooking outdoors", "Gas  Stove!");
  Interest("Lanterns", "x");
  Interest("Desk Lamps", "x");
  Review();
  ASSERT_OK_AND_ASSIGN(const Trace again,
                       ParseTrace(TraceToJson(review_.trace, *SmallShop()), *SmallShop()));
  EXPECT_EQ(again.demands, review_.trace.demands);
  EXPECT_EQ(again.interests, review_.trace.interests);
  EXPECT_THAT(again.demands, ElementsAre(TraceDemand{"cooking outdoors", {"gas stove"}}));
}

TEST_F(TraceFilterTest, DropsAndCountsBadInterestsAndKeepsTheOthers) {
  Demand("d1", "sleeping outdoors", "tent");
  Interest("Lanterns", "d1");
  Interest("Flying Carpets", "d1");
  Interest("Tents", "d1");
  Interest("Lanterns", "d1");
  Interest("Desk Lamps", "d9");
  Interest("Prayer Retreats", "d1");
  Interest({{"category", "Desk Lamps"}, {"from", "d1"}, {"relation", "hypernym"}});
  Interest({{"category", 7}, {"from", "d1"}});
  Interest("not an object");
  Interest("Mountain Trips", "d1");
  Review();
  EXPECT_THAT(Kept(), ElementsAre("Lanterns", "Mountain Trips"));
  EXPECT_FALSE(review_.reject.has_value());
  EXPECT_EQ(Faults(TraceFault::kUnknownCategory), 1U);
  EXPECT_EQ(Faults(TraceFault::kNotNovel), 1U);
  EXPECT_EQ(Faults(TraceFault::kDuplicate), 1U);
  EXPECT_EQ(Faults(TraceFault::kNoDemand), 1U);
  EXPECT_EQ(Faults(TraceFault::kInterestBlocked), 1U);
  EXPECT_EQ(Faults(TraceFault::kRelation), 1U);
  EXPECT_EQ(Faults(TraceFault::kInterestForm), 2U);
}

TEST_F(TraceFilterTest, DropsDemandsThatAreNotBehindTheSearchesAndWhatIsFromThem) {
  Demand("d1", "buying a tent", "tent");
  Demand("d2", "sailing the world", "canoe");
  Demand("d3", "living with diabetes", "tent");
  Demand("d4", "  ", "tent");
  Demand({{"id", "d5"}, {"text", std::string(97, 'a')}, {"from", {"tent"}}});
  Demand({{"text", "no id"}, {"from", {"tent"}}});
  Demand("d6", "sleeping outdoors", "tent");
  Demand("d6", "cooking outdoors", "gas stove");
  Interest("Lanterns", "d1");
  Interest("Desk Lamps", "d6");
  Interest("Hiking Boots", "d6");
  Review();
  EXPECT_THAT(review_.trace.demands, ElementsAre(TraceDemand{"sleeping outdoors", {"tent"}}));
  EXPECT_THAT(Kept(), ElementsAre("Desk Lamps", "Hiking Boots"));
  EXPECT_EQ(Faults(TraceFault::kDemandRepeats), 1U);
  EXPECT_EQ(Faults(TraceFault::kDemandUngrounded), 1U);
  EXPECT_EQ(Faults(TraceFault::kDemandBlocked), 1U);
  EXPECT_EQ(Faults(TraceFault::kDemandForm), 4U);
  EXPECT_EQ(Faults(TraceFault::kNoDemand), 1U);
}

TEST_F(TraceFilterTest, AnInventedSearchDoesNotSpoilADemandThatHasARealOne) {
  Demand({{"id", "d1"}, {"text", "sleeping outdoors"}, {"from", {"canoe", "TENT", "tent"}}});
  Review();
  EXPECT_THAT(review_.trace.demands, ElementsAre(TraceDemand{"sleeping outdoors", {"tent"}}));
}

TEST_F(TraceFilterTest, RejectsAnAnswerWithTooLittleLeft) {
  Interest("Lanterns", "d1");
  Review();
  EXPECT_EQ(review_.reject, TraceReject::kTooFewDemands);
  Demand("d1", "sleeping outdoors", "tent");
  Review();
  EXPECT_EQ(review_.reject, TraceReject::kTooFewInterests);
  Interest("Desk Lamps", "d1");
  Review();
  EXPECT_EQ(review_.reject, std::nullopt);
}

TEST_F(TraceFilterTest, ThoughtStandsInForReasoningThatIsMissing) {
  answer_["reasoning"] = "  ";
  Review("camps a lot");
  EXPECT_EQ(review_.trace.reasoning, "camps a lot");
  answer_["reasoning"] = "camps";
  Review("camps a lot");
  EXPECT_EQ(review_.trace.reasoning, "camps");
}

TEST_F(TraceFilterTest, SensitiveReasoningIsLeftOutAndCounted) {
  answer_["reasoning"] = "may be diabetic";
  Review();
  EXPECT_EQ(review_.trace.reasoning, "");
  EXPECT_EQ(Faults(TraceFault::kReasoningBlocked), 1U);
}

TEST_F(TraceFilterTest, AnObjectOfAnotherFormIsAnEmptyAnswer) {
  answer_ = {{"demands", "none"}};
  Review();
  EXPECT_EQ(review_.reject, TraceReject::kTooFewDemands);
}

constexpr const char* kAnswer = R"({"demands": [{"id": "d}1"}], "interests": []})";

TEST(FindTeacherAnswerTest, FindsItInProseAndFences) {
  const Json answer = *ParseJson(kAnswer);
  EXPECT_EQ(FindTeacherAnswer(kAnswer), answer);
  EXPECT_EQ(FindTeacherAnswer(std::string("```json\n") + kAnswer + "\n```"), answer);
  EXPECT_EQ(FindTeacherAnswer(std::string("Here {it} is, a \"{\" too: ") + kAnswer + " Done :}"),
            answer);
  EXPECT_EQ(FindTeacherAnswer(std::string("{\"answer\": ") + kAnswer + "}"), answer);
}

TEST(FindTeacherAnswerTest, TakesTheLastOfSeveral) {
  const Json last = *ParseJson(R"({"demands": [], "interests": [1]})");
  EXPECT_EQ(FindTeacherAnswer(std::string(kAnswer) + "\nBetter: " + last.dump()), last);
}

TEST(FindTeacherAnswerTest, FindsNothingInProseHalvesAndOtherObjects) {
  EXPECT_EQ(FindTeacherAnswer(""), std::nullopt);
  EXPECT_EQ(FindTeacherAnswer("The user camps. {No JSON}"), std::nullopt);
  EXPECT_EQ(FindTeacherAnswer(std::string(kAnswer).substr(0, 40)), std::nullopt);
  EXPECT_EQ(FindTeacherAnswer(R"({"demands": [], "interests": {}})"), std::nullopt);
  EXPECT_EQ(FindTeacherAnswer(std::string(70'000, ' ') + kAnswer), std::nullopt);
  EXPECT_EQ(FindTeacherAnswer(std::string(65'000, '{')), std::nullopt);
}

TEST(TraceNamesTest, EveryReasonHasItsOwn) {
  EXPECT_EQ(TraceFaultName(TraceFault::kDemandForm), "demand_form");
  EXPECT_EQ(TraceFaultName(TraceFault::kReasoningBlocked), "reasoning_blocked");
  EXPECT_EQ(TraceRejectName(TraceReject::kNoSearch), "no_search");
  EXPECT_EQ(TraceRejectName(TraceReject::kTooFewInterests), "too_few_interests");
}

}  // namespace
}  // namespace twohop
