#include "twohop/distill/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

Json GoodTrace() {
  return *ParseJson(R"({"user_id": "t1", "age_group": "45-54", "gender": "female",
      "searches": [{"query": "gas stove", "days_ago": 3}, {"query": "tent"}],
      "clicked_level1": ["Outdoors"], "reasoning": "camps",
      "demands": [{"id": "x", "text": "sleeping outdoors", "from": ["tent", "gas stove"]},
                  {"id": "y", "text": "cooking outdoors", "from": ["gas stove"]}],
      "interests": [{"category": "Lanterns", "from": "x", "relation": "hyponym"},
                    {"category": "coffee grinders", "from": "y"}]})");
}

std::string Refusal(const Json& json) {
  const auto trace = ParseTrace(json, *SmallShop());
  return trace.has_value() ? "" : trace.error().message();
}

TEST(TraceTest, KeepsAllThatTheTeacherSaid) {
  ASSERT_OK_AND_ASSIGN(const Trace trace, ParseTrace(GoodTrace(), *SmallShop()));
  EXPECT_EQ(trace.user.profile.id, UserId("t1"));
  EXPECT_EQ(trace.user.profile.age_group, "45-54");
  EXPECT_THAT(trace.user.clicked_level1, ElementsAre("Outdoors"));
  EXPECT_EQ(trace.user.searches[0].age, std::chrono::days(3));
  EXPECT_THAT(trace.demands, ElementsAre(TraceDemand{"sleeping outdoors", {"tent", "gas stove"}},
                                         TraceDemand{"cooking outdoors", {"gas stove"}}));
  EXPECT_THAT(
      trace.interests,
      ElementsAre(TraceInterest{InSmallShop("Lanterns"), 0, EdgeRelation::kHyponym},
                  TraceInterest{InSmallShop("Coffee Grinders"), 1, EdgeRelation::kCoHyponym}));
}

TEST(TraceTest, SurvivesBeingWritten) {
  const auto shop = SmallShop();
  ASSERT_OK_AND_ASSIGN(const Trace trace, ParseTrace(GoodTrace(), *shop));
  ASSERT_OK_AND_ASSIGN(const Trace again, ParseTrace(TraceToJson(trace, *shop), *shop));
  EXPECT_EQ(again.demands, trace.demands);
  EXPECT_EQ(again.interests, trace.interests);
  EXPECT_EQ(TraceToJson(again, *shop), TraceToJson(trace, *shop));
}

TEST(TraceTest, RefusesWhatDoesNotHoldTogether) {
  Json json = GoodTrace();
  json["interests"][0]["category"] = "Flying Carpets";
  EXPECT_THAT(Refusal(json), testing::HasSubstr("no category \"Flying Carpets\""));
  json = GoodTrace();
  json["interests"][0]["from"] = "z";
  EXPECT_THAT(Refusal(json), testing::HasSubstr("from no demand \"z\""));
  json = GoodTrace();
  json["interests"][0]["relation"] = "hypernym";
  EXPECT_THAT(Refusal(json), testing::HasSubstr("\"hypernym\" is no relation"));
  json = GoodTrace();
  json["demands"][1]["from"] = {"canoe"};
  EXPECT_THAT(Refusal(json), testing::HasSubstr("\"canoe\", which the user did not search for"));
  json = GoodTrace();
  json["searches"] = Json::array();
  EXPECT_THAT(Refusal(json), testing::HasSubstr("\"searches\" is empty"));
  json = GoodTrace();
  json.erase("demands");
  EXPECT_THAT(Refusal(json), testing::HasSubstr("\"demands\" must be a list"));
  json = GoodTrace();
  json["searches"][0]["days_ago"] = -1;
  EXPECT_THAT(Refusal(json), testing::HasSubstr("\"days_ago\" is -1"));
}

TEST(ReadTracesTest, NamesEveryBadLineAndKeepsTheOthers) {
  const TempDir dir;
  const auto file =
      dir.Write("traces.jsonl", GoodTrace().dump() + "\n{\"user_id\": \"t2\"\n\n[]\n" +
                                    GoodTrace().dump() + "\n{\"user_id\": \"t3\"}\n");
  ASSERT_OK_AND_ASSIGN(const auto read, ReadTraces(file, *SmallShop()));
  EXPECT_EQ(read.rows.size(), 2U);
  EXPECT_THAT(read.faults, ElementsAre(Field(&LineFault::line, 2U),
                                       LineFault{4, "the line is not a JSON object"},
                                       Field(&LineFault::line, 6U)));
}

TEST(ReadTracesTest, RefusesAnEmptyFile) {
  const TempDir dir;
  EXPECT_THAT(ReadTraces(dir.Write("traces.jsonl", "\n"), *SmallShop()),
              FailsWith(ErrorCode::kInvalidArgument, "traces.jsonl: the file is empty"));
  EXPECT_THAT(ReadTraces(dir.path() / "none.jsonl", *SmallShop()),
              FailsWith(ErrorCode::kNotFound, "none.jsonl"));
}

}  // namespace
}  // namespace twohop
