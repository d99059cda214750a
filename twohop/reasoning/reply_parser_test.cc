#include "twohop/reasoning/reply_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/json.h"
#include "twohop/base/rng.h"
#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kTwoHops =
    R"({"demands":[{"from":[2,1,2],"demand":"sleeping outdoors","categories":[)"
    R"({"name":"Headlamps","relation":"hyponym"},{"name":"Trips","relation":"co_hyponym"}]}]})";

Result<TwoHopReply> ParseTwoHops(std::string_view reply) { return ParseTwoHopReply(reply, 2); }

// A reply with one demand whose fields are these.
std::string OneDemand(std::string_view from, std::string_view demand, std::string_view categories) {
  return std::string(R"({"demands":[{"from":)") + std::string(from) + R"(,"demand":)" +
         std::string(demand) + R"(,"categories":)" + std::string(categories) + "}]}";
}

std::size_t RejectedOf(std::string_view reply) {
  const auto parsed = ParseTwoHops(reply);
  EXPECT_THAT(parsed, IsOk());
  return parsed ? parsed->rejected : 0;
}

auto Refused(std::string_view text) {
  return FailsWith(ErrorCode::kInvalidArgument, std::string(text));
}

TEST(ParseDemandReplyTest, GivesTheNeed) {
  EXPECT_EQ(*ParseDemandReply(R"({"need":" sleeping\noutdoors "})"), "sleeping outdoors");
}

TEST(ParseDemandReplyTest, ToleratesACodeFenceAndTrailingProse) {
  EXPECT_EQ(*ParseDemandReply("```json\n{\"need\":\"rest\"}\n```\nI hope this helps {"), "rest");
}

TEST(ParseDemandReplyTest, BracketsInsideStringsDoNotEndTheObject) {
  EXPECT_EQ(*ParseDemandReply(R"({"need":"a } \" { b"} tail)"), R"(a } " { b)");
}

TEST(ParseDemandReplyTest, ATruncatedReplyIsRefused) {
  EXPECT_THAT(ParseDemandReply(R"({"need":"sleeping out)"), Refused("not whole"));
}

TEST(ParseDemandReplyTest, AWholeObjectBeforeTheCutIsTaken) {
  EXPECT_EQ(*ParseDemandReply(R"({"need":"rest"} and then I)"), "rest");
}

TEST(ParseDemandReplyTest, WhatIsNotAnObjectIsRefused) {
  EXPECT_THAT(ParseDemandReply(""), Refused("does not begin"));
  EXPECT_THAT(ParseDemandReply("```"), Refused("does not begin"));
  EXPECT_THAT(ParseDemandReply("Sure! {\"need\":\"rest\"}"), Refused("does not begin"));
  EXPECT_THAT(ParseDemandReply(R"(["need","rest"])"), Refused("does not begin"));
  EXPECT_THAT(ParseDemandReply(R"({"need":rest})"), Refused("not JSON"));
  EXPECT_THAT(ParseDemandReply("{\"need\":\"\xFF\"}"), Refused("not JSON"));
}

TEST(ParseDemandReplyTest, ANeedThatIsNoTextIsRefused) {
  EXPECT_THAT(ParseDemandReply("{}"), Refused("need"));
  EXPECT_THAT(ParseDemandReply(R"({"need":7})"), Refused("need"));
  EXPECT_THAT(ParseDemandReply(R"({"need":null})"), Refused("need"));
  EXPECT_THAT(ParseDemandReply(R"({"need":" !! "})"), Refused("need"));
  EXPECT_THAT(ParseDemandReply(R"({"need":")" + std::string(97, 'x') + "\"}"), Refused("too long"));
}

TEST(ParseDemandReplyTest, AReplyBeyondTheLimitIsRefused) {
  EXPECT_THAT(ParseDemandReply(R"({"need":"rest"})" + std::string(20'000, ' ')),
              Refused("more than 16384"));
}

TEST(ParseTwoHopReplyTest, GivesDemandsWithTheirSearchesAndCategories) {
  ASSERT_OK_AND_ASSIGN(const TwoHopReply reply, ParseTwoHops(kTwoHops));
  EXPECT_THAT(reply.demands, ElementsAre(ProposedDemand{{1, 0},
                                                        "sleeping outdoors",
                                                        {{"Headlamps", EdgeRelation::kHyponym},
                                                         {"Trips", EdgeRelation::kCoHyponym}}}));
  EXPECT_EQ(reply.rejected, 0U);
}

TEST(ParseTwoHopReplyTest, NoDemandsAreAnEmptyReply) {
  EXPECT_THAT(ParseTwoHops(R"({"demands":[]})")->demands, IsEmpty());
}

TEST(ParseTwoHopReplyTest, AReplyWithoutAListOfDemandsIsRefused) {
  EXPECT_THAT(ParseTwoHops(R"({"demands":{"from":[1]}})"), Refused("no list \"demands\""));
  EXPECT_THAT(ParseTwoHops("[]"), Refused("does not begin"));
  EXPECT_THAT(ParseTwoHops(std::string(kTwoHops.substr(0, 60))), Refused("not whole"));
  EXPECT_THAT(ParseTwoHops(std::string(20'000, '{')), Refused("more than 16384"));
}

TEST(ParseTwoHopReplyTest, DemandsOfAnotherFormAreLeftOutAndCounted) {
  EXPECT_EQ(RejectedOf(R"({"demands":[7,null,"x",[],{}]})"), 5U);
  EXPECT_EQ(RejectedOf(OneDemand("[]", "\"rest\"", "[]")), 1U);
  EXPECT_EQ(RejectedOf(OneDemand("[0]", "\"rest\"", "[]")), 1U);
  EXPECT_EQ(RejectedOf(OneDemand("[3]", "\"rest\"", "[]")), 1U);
  EXPECT_EQ(RejectedOf(OneDemand("[-1]", "\"rest\"", "[]")), 1U);
  EXPECT_EQ(RejectedOf(OneDemand("[1.0]", "\"rest\"", "[]")), 1U);
  EXPECT_EQ(RejectedOf(OneDemand("[18446744073709551616]", "\"rest\"", "[]")), 1U);
  EXPECT_EQ(RejectedOf(OneDemand("[1]", "\"\"", "[]")), 1U);
  EXPECT_EQ(RejectedOf(OneDemand("[1]", "\"rest\"", "\"Trips\"")), 1U);
}

TEST(ParseTwoHopReplyTest, CategoriesOfAnotherFormAreLeftOutAndCounted) {
  const std::string reply = OneDemand(
      "[1]", "\"rest\"",
      R"(["Trips",{"name":"Trips"},{"name":"","relation":"hyponym"},{"name":"A","relation":"is a"}])");
  EXPECT_EQ(RejectedOf(reply), 4U);
  EXPECT_EQ(ParseTwoHops(reply)->demands.size(), 1U);
}

TEST(ParseTwoHopReplyTest, AnIllegalRelationIsKeptForTheFilters) {
  const auto reply =
      ParseTwoHops(OneDemand("[1]", "\"rest\"", R"([{"name":"Trips","relation":"hypernym"}])"));
  EXPECT_EQ(reply->demands[0].categories[0].relation, EdgeRelation::kHypernym);
}

TEST(ParseTwoHopReplyTest, WhatExceedsTheLimitsIsCounted) {
  std::string categories = "[";
  for (int i = 0; i < 10; ++i) categories += R"({"name":"T","relation":"hyponym"},)";
  categories.back() = ']';
  EXPECT_EQ(RejectedOf(OneDemand("[1]", "\"rest\"", categories)), 2U);
}

// Never crashes or hangs, whatever the bytes; the sanitizers watch.
TEST(ParseTwoHopReplyTest, DamagedRepliesAreReadOrRefused) {
  Rng rng(7);
  for (int round = 0; round < 2'000; ++round) {
    std::string damaged(kTwoHops);
    for (int i = 0; i < 3; ++i) {
      damaged[rng.Below(damaged.size())] = static_cast<char>(rng.Below(256));
    }
    EXPECT_LE(ParseTwoHops(damaged).value_or(TwoHopReply{}).demands.size(), 8U);
  }
}

TEST(ParseTwoHopReplyTest, DeepNestingIsRefused) {
  const std::string deep =
      "{\"demands\":" + std::string(8'000, '[') + std::string(8'000, ']') + "}";
  EXPECT_THAT(ParseTwoHops(deep), FailsWith(ErrorCode::kInvalidArgument, "nested deeper"));
}

TEST(ReplySchemaTest, AsksForTheDemandBeforeItsCategories) {
  const std::string schema = TwoHopReplySchema(5);
  EXPECT_THAT(ParseJson(schema), IsOk());
  EXPECT_LT(schema.find("\"demand\":"), schema.find("\"categories\":"));
  EXPECT_THAT(schema, HasSubstr("\"maximum\":5"));
}

TEST(ReplySchemaTest, TheDemandsSchemaIsJson) {
  EXPECT_THAT(ParseJson(DemandReplySchema()), IsOk());
}

TEST(ParseListReplyTest, KeepsGoodTextsOnce) {
  EXPECT_THAT(ParseListReply(R"(["a walk", 7, "A  Walk", "", null, "a swim"] and more)").value(),
              testing::ElementsAre("a walk", "a swim"));
  EXPECT_THAT(ParseListReply("```json\n[\"a walk\"]\n```").value(), testing::ElementsAre("a walk"));
  ReplyLimits limits;
  limits.text_bytes = 6;
  EXPECT_THAT(ParseListReply(R"(["a long walk", "a walk"])", limits).value(),
              testing::ElementsAre("a walk"));
}

TEST(ParseListReplyTest, RefusesWhatIsNoList) {
  for (const char* reply :
       {"", "[]", "[1, 2]", "[\"a walk\"", "{\"need\": \"x\"}", "a walk", "[\"a walk\", ]"}) {
    EXPECT_THAT(ParseListReply(reply), FailsWith(ErrorCode::kInvalidArgument, "")) << reply;
  }
}

TEST(ChoiceListSchemaTest, NamesEveryChoice) {
  const std::vector<std::string> choices{"Tents", "A \"quoted\" one"};
  const Json schema = *ParseJson(ChoiceListSchema(choices));
  EXPECT_EQ(schema["items"]["enum"], Json(choices));
  EXPECT_EQ(schema["minItems"], 2);
}

}  // namespace
}  // namespace twohop
