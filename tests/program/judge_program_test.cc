// `twohop judge` with a rubric judge that a test plays, as a user runs it.

#include <cstdlib>
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
    "c3\tTravel\tTrips\tHikes\n";
constexpr const char* kItems =
    "{\"id\": \"i1\", \"title\": \"Dome\", \"category\": \"c1\"}\n"
    "{\"id\": \"i2\", \"title\": \"Lamp\", \"category\": \"c2\"}\n";
constexpr const char* kEvents =
    "{\"id\": \"e1\", \"user\": \"u1\", \"type\": \"search\", \"time\": \"2025-03-01T10:00:00Z\", "
    "\"query\": \"tent\"}\n";
// The user of labels and of recorded answers.
constexpr const char* kUser =
    R"("user_id": "d1", "searches": [{"query": "tent", "days_ago": 2}], "clicked_level1": ["Outdoors"])";
constexpr const char* kRecorded =
    R"("demands": [{"id": "d1", "text": "sleeping outdoors", "from": ["tent"]}],
       "interests": [{"category": "Lanterns", "from": "d1"}])";

// A judge on a free port that takes 300 + 20 tokens for each call and gives everything a 2.
class JudgeProgramTest : public ::testing::Test {
 protected:
  JudgeProgramTest() {
    dir_.Write("taxonomy.tsv", kTaxonomy);
    dir_.Write("items.jsonl", kItems);
    dir_.Write("users.jsonl", "{\"id\": \"u1\"}\n");
    dir_.Write("events.jsonl", kEvents);
    dir_.Write("labels.jsonl", "{" + std::string(kUser) +
                                   R"(, "score_2": ["Lanterns"], "score_1": ["Hikes"]})" + "\n");
    dir_.Write("recorded.jsonl", OneLine("{" + std::string(kUser) + ", " + kRecorded + "}"));
    dir_.Write("copy.jsonl", OneLine("{" + std::string(kUser) + ", " + kRecorded + "}"));
    AlwaysSay(R"({"reason": "nights are dark", "score": 2})");
  }

  static std::string OneLine(const std::string& json) { return ParseJson(json)->dump() + "\n"; }

  void SetUp() override {
    const ProgramResult imported = RunTwohop(
        {"import", "--taxonomy", Path("taxonomy.tsv"), "--items", Path("items.jsonl"), "--users",
         Path("users.jsonl"), "--events", Path("events.jsonl"), "--workspace", Path("workspace")});
    ASSERT_EQ(imported.exit_code, 0) << imported.err;
  }

  void AlwaysSay(const std::string& text) {
    server_.AnswerWith([text](const FakeHttpRequest&) {
      return ChatReplyOf({.model = "large-1", .text = text, .prompt_tokens = 300});
    });
  }

  std::string Path(const std::string& name) const { return (dir_.path() / name).string(); }
  std::string Content(const std::string& name) const {
    return ReadFile(dir_.path() / name).value_or("(no file)");
  }
  Json Report() const { return ParseJson(Content("report.json")).value_or(Json()); }

  ProgramResult Judge(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"judge",
                                       "--workspace",
                                       Path("workspace"),
                                       "--labels",
                                       Path("labels.jsonl"),
                                       "--answers",
                                       Path("recorded.jsonl"),
                                       "--answers",
                                       Path("copy.jsonl"),
                                       "--json",
                                       Path("report.json"),
                                       "--markdown",
                                       Path("report.md")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunTwohop(arguments);
  }

  ProgramResult JudgeByRubric(std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--judge-url", server_.base_url(), "--judge-model", "large-1"});
    return Judge(more);
  }

  const TempDir dir_;
  FakeHttpServer server_;
};

TEST_F(JudgeProgramTest, WithoutARubricJudgeNobodyIsAsked) {
  const ProgramResult result = Judge();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("| recorded.jsonl | 100.0"), Not(HasSubstr("rubric"))));
  EXPECT_EQ(Content("report.md"), result.out);
  EXPECT_THAT(Report(), SizeIs(3));  // Random and the two files.
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(JudgeProgramTest, ARubricJudgeAddsATable) {
  const ProgramResult result = JudgeByRubric();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("| contestant | score 2, % |"),
                                HasSubstr("| contestant, by a rubric judge |"),
                                HasSubstr("| copy.jsonl | 100.0 [100.0, 100.0] |"),
                                HasSubstr("Judge: large-1 with rubric.v1. 3 pairs")));
  EXPECT_EQ(Content("report.md"), result.out);
  const Json report = Report();
  EXPECT_THAT(report["by_labels"], SizeIs(3));
  EXPECT_THAT(report["by_rubric"]["contestants"], SizeIs(3));
  EXPECT_EQ(report["by_rubric"]["prompt_tokens"], 900);
}

TEST_F(JudgeProgramTest, EachContestantIsLimited) {
  // Random's first, and the interest that both files hold.
  ASSERT_EQ(JudgeByRubric({"--judge-limit", "1"}).exit_code, 0);
  EXPECT_THAT(server_.requests(), SizeIs(2));
}

TEST_F(JudgeProgramTest, TheSchemaCanBeLeftOut) {
  ASSERT_EQ(JudgeByRubric({"--judge-limit", "1"}).exit_code, 0);
  EXPECT_THAT(server_.requests().back().body, HasSubstr("response_format"));
  ASSERT_EQ(JudgeByRubric({"--judge-limit", "1", "--judge-without-schema"}).exit_code, 0);
  EXPECT_THAT(server_.requests().back().body, Not(HasSubstr("response_format")));
}

TEST_F(JudgeProgramTest, RepliesWithoutAScoreAreAskedForAgainAndCounted) {
  AlwaysSay("All of it is fine.");
  const ProgramResult result = JudgeByRubric();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("3 pairs of user and path, 3 without a usable answer"));
  EXPECT_EQ(Report()["by_rubric"]["contestants"][1]["unusable"], 1.0);
  EXPECT_THAT(server_.requests(), SizeIs(6));
}

TEST_F(JudgeProgramTest, ARefusedKeyKeepsWhatTheLabelsSay) {
  server_.AnswerWith([](const FakeHttpRequest&) { return FakeHttpReply{.status = 401}; });
  ::setenv("TWOHOP_TEST_JUDGE_KEY", "sesame", 1);  // NOLINT(concurrency-mt-unsafe)
  const ProgramResult result = JudgeByRubric({"--judge-api-key-env", "TWOHOP_TEST_JUDGE_KEY"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr("user d1, "), Not(HasSubstr("sesame"))));
  EXPECT_EQ(server_.requests().at(0).headers.at("authorization"), "Bearer sesame");
  EXPECT_THAT(Report(), SizeIs(3));
  EXPECT_EQ(Content("report.md"), result.out);
}

TEST_F(JudgeProgramTest, AJudgeNeedsAModelAndAUrl) {
  const ProgramResult no_model = Judge({"--judge-url", server_.base_url()});
  EXPECT_EQ(no_model.exit_code, 2);
  EXPECT_THAT(no_model.err, HasSubstr("--judge-model"));
  const ProgramResult no_url = Judge({"--judge-limit", "5"});
  EXPECT_EQ(no_url.exit_code, 2);
  EXPECT_THAT(no_url.err, HasSubstr("--judge-url"));
}

}  // namespace
}  // namespace twohop
