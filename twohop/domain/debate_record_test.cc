#include "twohop/domain/debate_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

using testing::HasSubstr;
using testing::Not;

DebateStatement Say(DebateStance stance, std::string label, std::string reason = {}) {
  return {.stance = stance,
          .category_id = "c-" + label,
          .category_label = label,
          .demand = "nights in the open",
          .reason = std::move(reason)};
}

DebateRecord TwoAgents() {
  DebateRecord record;
  record.agents = {{.name = "Atlas", .strategy = "shared_edges", .model = "minilm"},
                   {.name = "Wren",
                    .strategy = "hop_by_hop",
                    .model = "smollm2",
                    .prompt_version = "hop1.v1",
                    .persona = "thinks of the season",
                    .temperature = 0.5,
                    .seed = 7,
                    .weight = 0.5}};
  record.rounds = {
      {.turns = {{.agent = 0, .statements = {Say(DebateStance::kProposes, "Lanterns")}},
                 {.agent = 1,
                  .statements = {Say(DebateStance::kProposes, "Kites")},
                  .prompt_tokens = 10,
                  .completion_tokens = 5}},
       .agreement = 0.0},
      {.turns = {{.agent = 0, .statements = {Say(DebateStance::kKeeps, "Lanterns")}},
                 {.agent = 1,
                  .statements = {Say(DebateStance::kDrops, "Kites", "nobody else sees it"),
                                 Say(DebateStance::kAdopts, "Lanterns", "place 3 of mine")}}},
       .agreement = 1.0}};
  record.votes = {{.category_id = "c-Lanterns",
                   .category_label = "Lanterns",
                   .agents = {0, 1},
                   .elected = true}};
  record.stopped_early = true;
  return record;
}

TEST(DebateRecordTest, ComesBackFromJson) {
  const auto read = DebateFromJson(DebateToJson(TwoAgents()));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(*read, TwoAgents());
}

TEST(DebateRecordTest, ASilentAgentComesBackFromJson) {
  DebateRecord record = TwoAgents();
  record.rounds[1].turns[1] = {.agent = 1, .statements = {}, .failure = "no connection"};
  const auto read = DebateFromJson(DebateToJson(record));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(*read, record);
}

TEST(DebateRecordTest, DamagedJsonNamesTheField) {
  EXPECT_THAT(DebateFromJson(Json::array()),
              FailsWith(ErrorCode::kInvalidArgument, "\"agents\" must be a list"));
  Json json = DebateToJson(TwoAgents());
  json["rounds"][1]["turns"][0]["agent"] = 2;
  EXPECT_THAT(DebateFromJson(json),
              FailsWith(ErrorCode::kInvalidArgument, "rounds[1]: turns[0]: agent 2 of 2"));
  json = DebateToJson(TwoAgents());
  json["votes"][0]["agents"][0] = -1;
  EXPECT_THAT(DebateFromJson(json), FailsWith(ErrorCode::kInvalidArgument, "votes[0]: agents[0]"));
  json = DebateToJson(TwoAgents());
  json["rounds"][0]["turns"][0]["statements"][0]["stance"] = "shouts";
  EXPECT_THAT(DebateFromJson(json), FailsWith(ErrorCode::kInvalidArgument, "\"shouts\""));
}

TEST(DebateRecordTest, FlipsAreWhatAgentsTookOverOrDropped) {
  EXPECT_EQ(CountFlips(TwoAgents()), 2U);
}

TEST(DebateRecordTest, WordsTellWhatChanged) {
  const std::string words = DebateInWords(TwoAgents());
  EXPECT_THAT(words, HasSubstr("  Wren      is a tuned model that walks hop by hop (hop_by_hop, "));
  EXPECT_THAT(words, HasSubstr("thinks of the season"));
  EXPECT_THAT(words, HasSubstr("  Atlas     I stay with what I said.\n"));
  EXPECT_THAT(words, HasSubstr("I give up Kites: nobody\n            else sees it."));
  EXPECT_THAT(words, HasSubstr("Lanterns (2 of 2: Atlas and Wren)"));
  EXPECT_THAT(words, HasSubstr("agreed before the last round"));
}

}  // namespace
}  // namespace twohop
