// `twohop reason` with models that a test plays: what it costs, and what happens when the money or
// a provider is gone, as a user runs it.

#include <string>
#include <vector>

#include "tests/program/fake_model_replies.h"
#include "tests/program/program.h"
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/json.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/llm/testing/fake_http_server.h"

namespace twohop {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* kTaxonomy =
    "id\tlevel1\tlevel2\tlevel3\n"
    "c1\tOutdoors\tCamping\tTents\n"
    "c2\tHome\tLight\tLanterns\n"
    "c3\tTravel\tTrips\tHikes\n";
constexpr const char* kItem = R"({"id": "i1", "title": "Tent", "category": "c1"})"
                              "\n";
constexpr const char* kAnswer = R"({"demands": [{"from": [1], "demand": "sleeping outdoors",
    "categories": [{"name": "Lanterns", "relation": "co_hyponym"}]}]})";

// Three users who searched for a tent, and a model that takes 700 + 20 tokens for each answer.
class ReasonProgramTest : public ::testing::Test {
 protected:
  ReasonProgramTest() {
    dir_.Write("taxonomy.tsv", kTaxonomy);
    dir_.Write("items.jsonl", kItem);
    std::string users;
    std::string events;
    for (const std::string id : {"u1", "u2", "u3"}) {
      users += fmt::format("{{\"id\": \"{}\"}}\n", id);
      events += fmt::format(
          R"({{"id": "e{0}", "user": "{0}", "type": "search", "time": "2025-03-01T10:01:00Z",)"
          R"( "query": "tent"}})"
          "\n",
          id);
    }
    dir_.Write("users.jsonl", users);
    dir_.Write("events.jsonl", events);
    embedding_.AnswerWith(EmbeddingReplyTo);
    model_.AnswerWith([](const FakeHttpRequest&) { return Says("one"); });
    Configure("");
    EXPECT_EQ(Run("import", {"--taxonomy", Path("taxonomy.tsv"), "--items", Path("items.jsonl"),
                             "--users", Path("users.jsonl"), "--events", Path("events.jsonl")})
                  .exit_code,
              0);
    EXPECT_EQ(Run("embed", {}).exit_code, 0);
  }

  static FakeHttpReply Says(const std::string& model) {
    return ChatReplyOf({.model = model, .text = kAnswer});
  }

  // `llm` are further lines of [llm], and of what is below it.
  void Configure(const std::string& llm) {
    dir_.Write("twohop.toml",
               fmt::format("[embedding]\nmode = \"remote\"\nurl = \"{}\"\nmodel = \"vectors\"\n"
                           "[reasoning]\nstrategy = \"full_two_hop\"\n"
                           "[llm]\nmode = \"remote\"\nurl = \"{}\"\nmodel = \"{}\"\n"
                           "usd_per_million_prompt_tokens = 10.0\n{}",
                           embedding_.base_url(), model_.base_url(), model_name_, llm));
  }

  // Two that speak, the second one with a model of its own.
  void ConfigureAgents(const FakeHttpServer& other) {
    Configure(
        fmt::format("[[reasoning.agent]]\nname = \"Ada\"\n"
                    "[[reasoning.agent]]\nname = \"Bo\"\nurl = \"{}\"\nmodel = \"two\"\n",
                    other.base_url()));
  }

  std::string Path(const std::string& name) const { return (dir_.path() / name).string(); }

  ProgramResult Run(const std::string& command, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{command, "--workspace", Path("workspace")};
    if (command != "import") arguments.insert(arguments.end(), {"--config", Path("twohop.toml")});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunTwohop(arguments);
  }
  ProgramResult Reason(const std::vector<std::string>& more = {}) const {
    return Run("reason", more);
  }

  TempDir dir_;
  FakeHttpServer embedding_;
  FakeHttpServer model_;
  std::string model_name_ = "one";
};

TEST_F(ReasonProgramTest, AnEstimateAsksNobody) {
  const std::size_t embedded = embedding_.requests().size();
  const ProgramResult result = Reason({"--estimate"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("3 of 3 users need a refresh"));
  EXPECT_THAT(result.out, HasSubstr("at most   6 calls"));  // Each answer may be asked for twice.
  EXPECT_THAT(result.out, Not(HasSubstr("expected")));
  EXPECT_THAT(model_.requests(), IsEmpty());
  EXPECT_THAT(embedding_.requests(), SizeIs(embedded));
}

TEST_F(ReasonProgramTest, WhatARunUsedIsWhatTheNextEstimateExpects) {
  EXPECT_THAT(Reason({"--user", "u1", "--user", "u2"}).out, HasSubstr("2 refreshed"));
  const ProgramResult result = Reason({"--estimate"});
  EXPECT_THAT(result.out, HasSubstr("1 of 3 users need a refresh"));
  EXPECT_THAT(result.out,
              HasSubstr("expected  1 calls, 700 + 20 tokens, $0.0070, as for 2 users so far"));
}

TEST_F(ReasonProgramTest, ARunStaysWithinItsTokens) {
  const ProgramResult result = Reason({"--budget-tokens", "100"});
  EXPECT_THAT(result.out, HasSubstr("3 failed"));
  EXPECT_THAT(result.out, HasSubstr("the budget (100 tokens) does not allow another call"));
  EXPECT_THAT(model_.requests(), IsEmpty());
}

TEST_F(ReasonProgramTest, AnAgentOfADebateAsksItsOwnModel) {
  FakeHttpServer other;
  other.AnswerWith([](const FakeHttpRequest&) { return Says("two"); });
  ConfigureAgents(other);
  const ProgramResult result = Reason({"--user", "u1", "--mode", "debate"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(model_.requests(), SizeIs(1));  // They agree at once.
  EXPECT_THAT(other.requests(), SizeIs(1));
  EXPECT_THAT(result.out, HasSubstr("Lanterns (2 of 2: Ada and Bo)"));
  EXPECT_THAT(result.out, HasSubstr(fmt::format("two at {}: 1 answers", other.base_url())));
}

TEST_F(ReasonProgramTest, AgentsShareTheBudgetOfTheRun) {
  FakeHttpServer other;
  other.AnswerWith([](const FakeHttpRequest&) { return Says("two"); });
  ConfigureAgents(other);
  const ProgramResult result =
      Reason({"--user", "u1", "--mode", "debate", "--budget-tokens", "1300"});
  EXPECT_THAT(model_.requests(), SizeIs(1));
  EXPECT_THAT(other.requests(), IsEmpty());  // 720 are spent, and as many would be too many.
  EXPECT_THAT(result.out, HasSubstr("(silent: "));
}

TEST_F(ReasonProgramTest, AForgottenUserIsGoneWithTheTrainingRows) {
  EXPECT_THAT(Reason({"--user", "u1"}).out, HasSubstr("sleeping outdoors"));
  dir_.Write("traces.jsonl", "{\"user_id\": \"u1\"}\n{\"user_id\": \"u2\"}\n");
  dir_.Write("traces.jsonl.rejects.jsonl", "{\"user_id\": \"u1\"}\n");
  const ProgramResult result = Run("forget", {"--user", "u1", "--rows", Path("traces.jsonl")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("traces.jsonl: 1 rows forgotten"));
  EXPECT_THAT(result.out, HasSubstr("user u1: state, interests, graph and debate forgotten"));
  EXPECT_EQ(ReadFile(dir_.path() / "traces.jsonl").value_or("none"), "{\"user_id\": \"u2\"}\n");
  EXPECT_EQ(ReadFile(dir_.path() / "traces.jsonl.rejects.jsonl").value_or("none"), "");
  EXPECT_THAT(Reason({"--user", "u1"}).out, Not(HasSubstr("sleeping outdoors")));
}

TEST_F(ReasonProgramTest, ASpentDayStaysSpentInTheNextRun) {
  Configure("daily_budget_tokens = 2000\n");
  const ProgramResult first = Reason();
  EXPECT_THAT(first.out, HasSubstr("2 refreshed, 1 failed"));
  EXPECT_THAT(first.out, HasSubstr("the day's budget (2000 tokens)"));
  const ProgramResult second = Reason();
  EXPECT_THAT(second.out, HasSubstr("2 fresh, 1 failed"));
  EXPECT_THAT(second.out, HasSubstr("1440 tokens"));
  EXPECT_THAT(model_.requests(), SizeIs(2));
  EXPECT_THAT(Reason({"--estimate"}).out, HasSubstr("of the day's 2000 tokens 1440 are spent"));
}

TEST_F(ReasonProgramTest, AUserWhoseTokensAreUsedUpWaits) {
  Configure("per_user_daily_tokens = 500\n");
  EXPECT_THAT(Reason().out, HasSubstr("3 refreshed"));
  model_name_ = "another";  // So that interests of the first are out of date.
  Configure("per_user_daily_tokens = 500\n");
  EXPECT_THAT(Reason().out, HasSubstr("3 over their budget"));
  EXPECT_THAT(model_.requests(), SizeIs(3));
}

TEST_F(ReasonProgramTest, TheNextProviderAnswersForOneThatRefuses) {
  FakeHttpServer backup;
  backup.AnswerWith([](const FakeHttpRequest&) { return Says("two"); });
  model_.AnswerWith([](const FakeHttpRequest&) {
    return FakeHttpReply{.status = 401, .body = R"({"error":"the key has expired"})"};
  });
  Configure(
      fmt::format("[[llm.fallback]]\nurl = \"{}\"\nmodel = \"two\"\n"
                  "usd_per_million_completion_tokens = 100.0\n",
                  backup.base_url()));
  const ProgramResult result = Reason();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("3 refreshed"));
  EXPECT_THAT(result.out,
              HasSubstr(fmt::format("two at {}: 3 answers, $0.0060", backup.base_url())));
}

TEST_F(ReasonProgramTest, IfNobodyAnswersTheErrorNamesAll) {
  model_.AnswerWith([](const FakeHttpRequest&) { return FakeHttpReply{.status = 401}; });
  Configure(fmt::format("[[llm.fallback]]\nurl = \"{}\"\nmodel = \"two\"\n", model_.base_url()));
  const ProgramResult result = Reason();
  EXPECT_THAT(result.out, HasSubstr(fmt::format("one at {}: ", model_.base_url())));
  EXPECT_THAT(result.out, HasSubstr(fmt::format("; two at {}: ", model_.base_url())));
}

}  // namespace
}  // namespace twohop
