// `twohop distill generate` with a teacher that a test plays, as a user runs it.

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/program/fake_model_replies.h"
#include "tests/program/program.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/json.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/llm/testing/fake_http_server.h"

namespace twohop {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* kTaxonomy =
    "id\tlevel1\tlevel2\tlevel3\n"
    "c1\tOutdoors\tCamping\tTents\n"
    "c2\tHome\tLight\tLanterns\n"
    "c3\tHome\tKitchen\tMills\n"
    "c4\tTravel\tTrips\tHikes\n";
constexpr const char* kAnswer = R"({"reasoning": "camps",
    "demands": [{"id": "d1", "text": "sleeping outdoors", "from": ["tent"]}],
    "interests": [{"category": "Lanterns", "from": "d1"}, {"category": "Hikes", "from": "d1"},
                  {"category": "Tents", "from": "d1"}, {"category": "Carpets", "from": "d1"}]})";

std::string UserLine(const std::string& id) {
  return R"({"user_id": ")" + id +
         R"(", "searches": [{"query": "tent", "days_ago": 2}], "clicked_level1": ["Outdoors"]})"
         "\n";
}

// A teacher on a free port that takes 700 + 20 tokens for each call.
class DistillProgramTest : public ::testing::Test {
 protected:
  DistillProgramTest() {
    dir_.Write("taxonomy.tsv", kTaxonomy);
    Users({"u1", "u2", "u3"});
    dir_.Write("twohop.toml",
               "[llm]\nusd_per_million_prompt_tokens = 1000000\n"
               "usd_per_million_completion_tokens = 1000000\n");
    AlwaysSay(kAnswer);
  }

  void Users(const std::vector<std::string>& ids) const {
    std::string lines;
    for (const std::string& id : ids) lines += UserLine(id);
    dir_.Write("users.jsonl", lines);
  }

  static FakeHttpReply Says(const std::string& text, const char* finish_reason = "stop") {
    return ChatReplyOf({.model = "teacher-r1", .text = text, .finish_reason = finish_reason});
  }

  void AlwaysSay(const std::string& text) {
    server_.AnswerWith([text](const FakeHttpRequest&) { return Says(text); });
  }

  std::string Path(const std::string& name) const { return (dir_.path() / name).string(); }
  std::string Content(const std::string& name) const {
    return ReadFile(dir_.path() / name).value_or("(no file)");
  }

  ProgramResult Generate(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"distill",         "generate",
                                       "--out",           Path("traces.jsonl"),
                                       "--users",         Path("users.jsonl"),
                                       "--taxonomy",      Path("taxonomy.tsv"),
                                       "--workspace",     Path("workspace"),
                                       "--teacher-model", "teacher-r1",
                                       "--concurrency",   "1"};
    arguments.insert(arguments.end(), {"--teacher-url", server_.base_url()});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunTwohop(arguments);
  }

  const TempDir dir_;
  FakeHttpServer server_;
};

TEST_F(DistillProgramTest, WritesTracesAndSaysWhatCameOfThem) {
  const ProgramResult result = Generate();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("3 traces with 3 demands and 6 interests, 0 users rejected"));
  EXPECT_THAT(result.out, HasSubstr("3 unknown_category, 3 not_novel"));
  EXPECT_THAT(result.out, HasSubstr("3 calls, 2100 + 60 tokens"));
  EXPECT_THAT(Content("traces.jsonl"),
              AllOf(HasSubstr(R"("model":"teacher-r1")"), HasSubstr(R"("user_id":"u3")")));
  EXPECT_THAT(server_.requests().at(0).body,
              AllOf(HasSubstr("Kitchen: Mills"), Not(HasSubstr("Camping: Tents"))));
}

TEST_F(DistillProgramTest, GoesOnWhereItStopped) {
  ASSERT_EQ(Generate({"--limit", "2"}).exit_code, 0);
  const std::string two_rows = Content("traces.jsonl");
  dir_.Write("traces.jsonl", two_rows + R"({"age_group":"","clicked_lev)");
  const ProgramResult result = Generate();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("2 users have a trace already"));
  EXPECT_THAT(Content("traces.jsonl"), ::testing::StartsWith(two_rows));
  EXPECT_THAT(Content("traces.jsonl"), HasSubstr(R"("user_id":"u3")"));
  EXPECT_THAT(server_.requests(), SizeIs(3));
  EXPECT_THAT(Generate().out, HasSubstr("nobody is left to ask about"));
}

TEST_F(DistillProgramTest, RejectedUsersAreAskedAboutAgainOnlyOnRequest) {
  AlwaysSay("I would rather not.");
  const ProgramResult first = Generate();
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("3 no_answer"));
  EXPECT_THAT(Content("traces.jsonl.rejects.jsonl"), HasSubstr("I would rather not."));
  AlwaysSay(kAnswer);
  EXPECT_THAT(Generate().out, HasSubstr("3 users were rejected before"));
  EXPECT_THAT(Generate({"--retry-rejects"}).out, HasSubstr("3 traces"));
  EXPECT_THAT(Generate({"--retry-rejects"}).out, HasSubstr("3 users have a trace already"));
}

TEST_F(DistillProgramTest, ASpentBudgetKeepsWhatIsDoneAndFails) {
  const ProgramResult result = Generate({"--max-tokens", "2000", "--max-reply-tokens", "256"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("the budget (2000 tokens) does not allow another call"));
  EXPECT_THAT(result.out, AllOf(HasSubstr("2 traces"), HasSubstr("1400 + 40 tokens")));
  EXPECT_THAT(Content("traces.jsonl"),
              AllOf(HasSubstr(R"("user_id":"u2")"), Not(HasSubstr(R"("user_id":"u3")"))));
  EXPECT_THAT(server_.requests(), SizeIs(2));
}

TEST_F(DistillProgramTest, MoneyCanBeLimitedOnceThePricesAreKnown) {
  const ProgramResult unpriced = Generate({"--max-usd", "5"});
  EXPECT_EQ(unpriced.exit_code, 2);
  EXPECT_THAT(unpriced.err, HasSubstr("prices"));
  const ProgramResult result = Generate({"--max-usd", "5", "--config", Path("twohop.toml")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("budget ($5)"));
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(DistillProgramTest, EstimateAsksNobodyAndWritesNothing) {
  const ProgramResult result = Generate({"--estimate", "--config", Path("twohop.toml")});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("nobody was asked: 3 users"));
  EXPECT_THAT(result.out, HasSubstr("1200 tokens, without what a model thinks aloud: $"));
  EXPECT_THAT(server_.requests(), IsEmpty());
  EXPECT_EQ(Content("traces.jsonl"), "(no file)");
}

TEST_F(DistillProgramTest, ReplyThatIsCutIsAskedForAgain) {
  Users({"u1"});
  server_.Reply(Says("{\"reasoning\": \"ca", "length"));
  const ProgramResult result = Generate();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("1 traces"), HasSubstr("replies cut short: 1")));
}

TEST_F(DistillProgramTest, SendsTheKeyOfTheNamedVariableAndShowsItNowhere) {
  Users({"u1"});
  ::setenv("TWOHOP_TEST_TEACHER_KEY", "sesame", 1);  // NOLINT(concurrency-mt-unsafe)
  const ProgramResult result = Generate({"--api-key-env", "TWOHOP_TEST_TEACHER_KEY"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(server_.requests().at(0).headers.at("authorization"), "Bearer sesame");
  EXPECT_THAT(result.out + result.err + Content("traces.jsonl"), Not(HasSubstr("sesame")));
}

TEST_F(DistillProgramTest, AVariableWithoutAKeyIsNamed) {
  const ProgramResult result = Generate({"--api-key-env", "TWOHOP_TEST_NO_SUCH_KEY"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("TWOHOP_TEST_NO_SUCH_KEY"));
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(DistillProgramTest, BadUsersAreNamedWithTheirLine) {
  dir_.Write("users.jsonl", UserLine("u1") + "{\"user_id\": \"u2\"}\n");
  const ProgramResult broken = Generate();
  EXPECT_EQ(broken.exit_code, 2);
  EXPECT_THAT(broken.err, HasSubstr("users.jsonl:2: "));
  Users({"u1", "u1"});
  const ProgramResult twice = Generate();
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_THAT(twice.err, HasSubstr("users.jsonl:2: user \"u1\" occurs twice"));
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(DistillProgramTest, AFileOfSomethingElseIsNotAppendedTo) {
  dir_.Write("traces.jsonl", UserLine("u1"));
  const ProgramResult result = Generate();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("traces.jsonl:1: the line is not a trace"));
  EXPECT_EQ(Content("traces.jsonl"), UserLine("u1"));
}

TEST_F(DistillProgramTest, ARefusedKeyEndsTheRun) {
  server_.AnswerWith([](const FakeHttpRequest&) { return FakeHttpReply{.status = 401}; });
  EXPECT_EQ(Generate().exit_code, 1);
  EXPECT_THAT(server_.requests(), SizeIs(1));
  EXPECT_EQ(Content("traces.jsonl"), "");
}

TEST(DistillProgramWithoutWorkspaceTest, SaysWhatIsMissing) {
  const TempDir dir;
  const ProgramResult result =
      RunTwohop({"distill", "generate", "--out", (dir.path() / "traces.jsonl").string(),
                 "--workspace", (dir.path() / "none").string(), "--estimate"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("run `twohop import` first"));
}

}  // namespace
}  // namespace twohop
