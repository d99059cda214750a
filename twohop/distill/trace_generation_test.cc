#include "twohop/distill/trace_generation.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/llm/call_budget.h"
#include "twohop/llm/testing/fake_chat_client.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kAnswer = R"({"reasoning": "camps",
    "demands": [{"id": "d1", "text": "sleeping outdoors", "from": ["tent"]}],
    "interests": [{"category": "Lanterns", "from": "d1"}, {"category": "Flying Carpets", "from": "d1"},
                  {"category": "Mountain Trips", "from": "d1"}]})";

// Users u1, u2 ... of the small shop, who all searched for "tent".
class TraceGenerationTest : public testing::Test {
 protected:
  TraceGenerationTest() { Users(3); }

  void Users(std::size_t count) {
    users_.clear();
    for (std::size_t i = 1; i <= count; ++i) {
      UserContext& user = users_.emplace_back();
      user.profile.id = UserId("u" + std::to_string(i));
      user.searches = {{.query = "tent"}};
    }
  }

  // One after the other, so that scripted replies belong to the users in their order.
  TraceBatch Generate(std::stop_token stop = {}) { return GenerateWith(chat_, std::move(stop)); }

  TraceBatch GenerateWith(ChatClient& chat, std::stop_token stop = {}) {
    auto files = TraceFiles::Open(path_, OpenMode::kReadWrite);
    EXPECT_THAT(files, IsOk());
    const Teacher teacher(*LoadTeacherPrompt(TWOHOP_SOURCE_DIR "/prompts"), Blocklist(),
                          SmallShop(), {});
    const auto progress = MakeSilentProgress();
    return GenerateTraces(users_, {teacher, chat, *files, clock_, *progress}, options_,
                          std::move(stop));
  }

  std::vector<std::string> Traced() const {
    std::vector<std::string> users;
    const auto read = ReadTraces(path_, *SmallShop());
    if (!read) return users;
    EXPECT_THAT(read->faults, IsEmpty());
    for (const Trace& trace : read->rows) users.push_back(trace.user.profile.id.value());
    return users;
  }

  std::string Rejects() const { return ReadFile(TraceFiles::RejectsOf(path_)).value_or(""); }

  const TempDir dir_;
  const std::filesystem::path path_ = dir_.path() / "new" / "traces.jsonl";
  TraceGenerationOptions options_{.concurrency = 1, .seed = 5};
  ManualClock clock_;
  FakeChatClient chat_;
  std::vector<UserContext> users_;
};

TEST_F(TraceGenerationTest, KeepsTracesAndRejectsApartAndCountsBoth) {
  chat_.Reply(kAnswer);
  chat_.Reply("no JSON at all");
  chat_.Reply(kAnswer);
  const TraceBatch batch = Generate();
  EXPECT_THAT(batch.status, IsOk());
  EXPECT_THAT(Traced(), ElementsAre("u1", "u3"));
  EXPECT_EQ(batch.report.kept, 2U);
  EXPECT_EQ(batch.report.demands, 2U);
  EXPECT_EQ(batch.report.interests, 4U);
  EXPECT_EQ(batch.report.faults[static_cast<std::size_t>(TraceFault::kUnknownCategory)], 2U);
  EXPECT_EQ(batch.report.rejected[static_cast<std::size_t>(TraceReject::kNoAnswer)], 1U);
  EXPECT_THAT(Rejects(), HasSubstr(R"("reason":"no_answer")"));
  EXPECT_THAT(Rejects(), HasSubstr(R"("user_id":"u2")"));
  EXPECT_THAT(Rejects(), HasSubstr("no JSON at all"));
}

TEST_F(TraceGenerationTest, EveryRowSaysWhereItComesFrom) {
  Users(1);
  chat_.Reply(kAnswer);
  Generate();
  EXPECT_THAT(
      ReadFile(path_).value_or(""),
      HasSubstr(R"("teacher":{"model":"fake-chat","prompt":"teacher.v1","seed":5,"time":")"));
}

TEST_F(TraceGenerationTest, TheFilesKnowWhomTheyHave) {
  chat_.Reply(kAnswer);
  chat_.Reply("prose");
  chat_.Fail(Error(ErrorCode::kUnavailable, "gone"));
  EXPECT_EQ(Generate().report.failed, 1U);
  ASSERT_OK_AND_ASSIGN(const TraceFiles files, TraceFiles::Open(path_, OpenMode::kReadOnly));
  EXPECT_TRUE(files.HasTrace(UserId("u1")));
  EXPECT_FALSE(files.HasTrace(UserId("u2")));
  EXPECT_EQ(files.RejectionsOf(UserId("u2")), 1U);
  EXPECT_EQ(files.RejectionsOf(UserId("u3")), 0U);
}

TEST_F(TraceGenerationTest, ARejectedUserIsAskedAboutWithAnotherSeed) {
  Users(1);
  chat_.Reply("prose");
  Generate();
  chat_.Reply(kAnswer);
  Generate();
  EXPECT_THAT(Traced(), ElementsAre("u1"));
  EXPECT_EQ(chat_.requests()[0].seed, 5U);
  EXPECT_EQ(chat_.requests()[1].seed, 6U);
}

TEST_F(TraceGenerationTest, AnotherFileThanOneOfTracesIsRefused) {
  const auto file = dir_.Write("users.jsonl", "{\"user_id\": \"u1\"}\n");
  EXPECT_THAT(TraceFiles::Open(file, OpenMode::kReadWrite),
              FailsWith(ErrorCode::kInvalidArgument, "users.jsonl:1: the line is not a trace"));
}

TEST_F(TraceGenerationTest, ASpentBudgetEndsTheBatchAndKeepsWhatIsDone) {
  TokenMeter meter;
  chat_.AnswerWith([&](const ChatRequest&) {
    const ChatReply reply = chat_.MakeReply(kAnswer);
    meter.Record("teacher", {.prompt_tokens = 100, .completion_tokens = 4096, .calls = 1}, 0.0);
    return reply;
  });
  const auto budgeted = MakeBudgetedChatClient(chat_, meter, {}, {.max_tokens = 10'000});
  const TraceBatch batch = GenerateWith(*budgeted);
  EXPECT_THAT(batch.status, FailsWith(ErrorCode::kResourceExhausted, "budget"));
  EXPECT_THAT(Traced(), ElementsAre("u1", "u2"));
  EXPECT_EQ(batch.report.failed, 0U);
  EXPECT_EQ(Rejects(), "");
}

TEST_F(TraceGenerationTest, NoAccessEndsTheBatchAtOnce) {
  chat_.Fail(Error(ErrorCode::kFailedPrecondition, "the key is refused"));
  EXPECT_THAT(Generate().status, FailsWith(ErrorCode::kFailedPrecondition, "key"));
  EXPECT_THAT(chat_.requests(), SizeIs(1));
}

TEST_F(TraceGenerationTest, SingleFailuresAreSkippedAndManyInARowEndTheBatch) {
  Users(5);
  options_.max_consecutive_failures = 2;
  const Error gone(ErrorCode::kUnavailable, "the server is gone");
  chat_.Fail(gone);
  chat_.Reply(kAnswer);
  chat_.Fail(gone);
  chat_.Fail(gone);
  const TraceBatch batch = Generate();
  EXPECT_THAT(batch.status, FailsWith(ErrorCode::kUnavailable, "gone"));
  EXPECT_EQ(batch.report.failed, 3U);
  EXPECT_EQ(batch.report.last_failure, gone);
  EXPECT_THAT(Traced(), ElementsAre("u2"));
  EXPECT_EQ(Rejects(), "");
}

TEST_F(TraceGenerationTest, AStopEndsTheBatch) {
  std::stop_source stop;
  chat_.AnswerWith([&](const ChatRequest&) {
    stop.request_stop();
    return chat_.MakeReply(kAnswer);
  });
  const TraceBatch batch = Generate(stop.get_token());
  EXPECT_THAT(batch.status, FailsWith(ErrorCode::kCancelled, "stop"));
  EXPECT_THAT(Traced(), ElementsAre("u1"));
}

TEST_F(TraceGenerationTest, AsksSideBySide) {
  Users(40);
  options_.concurrency = 8;
  chat_.AnswerWith([&](const ChatRequest&) { return chat_.MakeReply(kAnswer); });
  const TraceBatch batch = Generate();
  EXPECT_THAT(batch.status, IsOk());
  EXPECT_EQ(batch.report.kept, 40U);
  EXPECT_THAT(Traced(), SizeIs(40));
}

}  // namespace
}  // namespace twohop
