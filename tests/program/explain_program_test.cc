// `twohop explain` after import, with and without edges and stored interests, as a user runs it.

#include <string>
#include <vector>

#include "tests/program/fake_model_replies.h"
#include "tests/program/program.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/json.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/llm/testing/fake_http_server.h"

namespace twohop {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kTaxonomy =
    "id\tlevel1\tlevel2\tlevel3\n"
    "c1\tOutdoors\tCamping\tTents\n"
    "c2\tHome\tLight\tLanterns\n"
    "c3\tHome\tLight\tDesk Lamps\n"
    "c4\tHome\tLight\tCandles\n"
    "c5\tTravel\tTrips\tHikes\n"
    "c6\tKitchen\tPots\tKettles\n";
constexpr const char* kItems = "{\"id\": \"i1\", \"title\": \"Dome\", \"category\": \"c1\"}\n";
constexpr const char* kEvents =
    "{\"id\": \"e1\", \"user\": \"anna\", \"type\": \"search\", \"time\": "
    "\"2025-03-01T10:00:00Z\", \"query\": \"tent\"}\n"
    "{\"id\": \"e2\", \"user\": \"anna\", \"type\": \"click\", \"time\": "
    "\"2025-03-01T10:01:00Z\", \"item\": \"i1\"}\n";
constexpr const char* kEdges = R"({"demand": "nights in the open", "from": ["tent"],)"
                               R"( "calls_for": ["Lanterns", "Desk Lamps", "Candles", "Hikes"]})"
                               "\n";

// User "anna", who searched "tent" and clicked one, and an embedding server without a model.
class ExplainProgramTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_.Write("taxonomy.tsv", kTaxonomy);
    dir_.Write("items.jsonl", kItems);
    dir_.Write("users.jsonl", "{\"id\": \"anna\"}\n");
    dir_.Write("events.jsonl", kEvents);
    dir_.Write("edges.jsonl", kEdges);
    dir_.Write("twohop.toml", "[embedding]\nmode = \"remote\"\nmodel = \"fake\"\nurl = \"" +
                                  server_.base_url() +
                                  "\"\n[reasoning]\nstrategy = \"shared_edges\"\n");
    server_.AnswerWith(EmbeddingReplyTo);
    Succeeds({"import", "--taxonomy", Path("taxonomy.tsv"), "--items", Path("items.jsonl"),
              "--users", Path("users.jsonl"), "--events", Path("events.jsonl"), "--workspace",
              Path("workspace")});
  }

  ProgramResult Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(),
                     {"--workspace", Path("workspace"), "--config", Path("twohop.toml")});
    return RunTwohop(arguments);
  }

  void Succeeds(const std::vector<std::string>& arguments) const {
    const ProgramResult result = RunTwohop(arguments);
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }

  void TakeInEdges() const {
    ASSERT_EQ(Run({"embed"}).exit_code, 0);
    ASSERT_EQ(Run({"edges", "import", Path("edges.jsonl")}).exit_code, 0);
  }

  void Reason() const {
    TakeInEdges();
    const ProgramResult result = Run({"reason", "--user", "anna"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }

  ProgramResult Explain(const std::string& category, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"explain", "--user", "anna", "--category", category});
    return Run(more);
  }

  Json ExplainAsJson(const std::string& category) const {
    const ProgramResult result = Explain(category, {"--json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return ParseJson(result.out).value_or(Json());
  }

  std::string Path(const std::string& name) const { return (dir_.path() / name).string(); }

  const TempDir dir_;
  FakeHttpServer server_;
};

TEST_F(ExplainProgramTest, AStoredInterestIsToldWithItsPathAndTheEdgesAreNotAsked) {
  Reason();
  const std::size_t asked = server_.requests().size();
  const ProgramResult result = Explain("Lanterns");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("Lanterns (c2), in Home\n  a latent interest, by 1 path"),
                                HasSubstr("searched \"tent\" → nights in the open → Lanterns"),
                                HasSubstr("by shared_edges"), Not(HasSubstr("all users share"))));
  const Json json = ExplainAsJson("c2");
  EXPECT_EQ(json["related"], true);
  EXPECT_EQ(json["paths"][0]["search"], "tent");
  EXPECT_EQ(json["edges"], nullptr);
  EXPECT_EQ(server_.requests().size(), asked);
}

TEST_F(ExplainProgramTest, WhatWasNotProposedIsToldByTheEdges) {
  Reason();
  const ProgramResult result = Explain("Candles");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(
      result.out,
      AllOf(HasSubstr("none of the 3 stored leads there"), HasSubstr("the same level-2 category"),
            HasSubstr("searched \"tent\" → nights in the open → Candles"),
            HasSubstr("number 3 of 4 categories"),
            HasSubstr("Lanterns, Desk Lamps are surer and have the places of Home")));
  const Json edges = ExplainAsJson("Candles")["edges"];
  EXPECT_EQ(edges["verdict"], "level1_full");
  EXPECT_EQ(edges["rank"], 3);
  EXPECT_EQ(edges["ahead"][0]["category"], "c2");
}

TEST_F(ExplainProgramTest, WhatNothingLeadsToHasNoPath) {
  Reason();
  const Json json = ExplainAsJson("Kettles");
  EXPECT_EQ(json["reason"], "not_reached");
  EXPECT_EQ(json["edges"]["verdict"], "not_reached");
  EXPECT_EQ(json["edges"]["path"], nullptr);
}

TEST_F(ExplainProgramTest, AClickedCategoryIsKnown) {
  Reason();
  const ProgramResult result = Explain("Tents");
  EXPECT_THAT(result.out, HasSubstr("1 of the last 1 clicks are in Outdoors"));
  EXPECT_EQ(ExplainAsJson("Tents")["reason"], "not_novel");
}

TEST_F(ExplainProgramTest, BeforeReasoningTheEdgesSayWhatItWouldFind) {
  TakeInEdges();
  const Json json = ExplainAsJson("Lanterns");
  EXPECT_EQ(json["reason"], "no_interests");
  EXPECT_EQ(json["edges"]["verdict"], "stands");
}

TEST_F(ExplainProgramTest, WithoutEdgesTheStoredAnswerStands) {
  const ProgramResult result = Explain("Lanterns");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("no interests are stored for this user yet"),
                                HasSubstr("the shared edges were not asked: ")));
  EXPECT_EQ(ExplainAsJson("Lanterns")["edges"]["error"]["code"], "FailedPrecondition");
}

TEST_F(ExplainProgramTest, WithoutACategoryEveryInterestIsTold) {
  Reason();
  const ProgramResult result = Run({"explain", "--user", "anna"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("user anna"), HasSubstr("→ Lanterns [Home]"),
                                HasSubstr("→ Hikes [Travel]")));
  const ProgramResult json = Run({"explain", "--user", "anna", "--json"});
  EXPECT_EQ(ParseJson(json.out).value_or(Json())["relations"].size(), 3U);
}

TEST_F(ExplainProgramTest, AnUnknownUserIsOfferedNearOnes) {
  const ProgramResult result = Run({"explain", "--user", "Ana", "--category", "Lanterns"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("no user \"Ana\"; near it: \"anna\""));
}

TEST_F(ExplainProgramTest, AnUnknownCategoryIsOfferedNearOnes) {
  const ProgramResult result = Explain("Lantrens");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("no category is called \"Lantrens\"; near it: \"Lanterns\""));
}

}  // namespace
}  // namespace twohop
