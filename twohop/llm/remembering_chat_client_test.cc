#include "twohop/llm/remembering_chat_client.h"

#include <chrono>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/llm/testing/fake_chat_client.h"

namespace twohop {
namespace {

using namespace std::chrono_literals;

class RememberingChatClientTest : public testing::Test {
 protected:
  RememberingChatClientTest() {
    model_.AnswerWith([this](const ChatRequest& request) -> Result<ChatReply> {
      clock_.Advance(2s);
      return model_.MakeReply(request.messages.back().content + "!");
    });
  }

  static ChatRequest Ask(std::string text, std::uint64_t seed = 1) {
    return {.stage = "hop1", .messages = {{ChatRole::kUser, std::move(text)}}, .seed = seed};
  }

  TempDir dir_;
  std::filesystem::path file_ = dir_.path() / "new" / "replies.jsonl";
  ManualClock clock_;
  FakeChatClient model_;
};

TEST_F(RememberingChatClientTest, TheSameQuestionIsAskedOnceAndChargedEachTime) {
  RememberingChatClient client(model_, clock_);
  ASSERT_OK_AND_ASSIGN(const ChatReply first, client.Complete(Ask("why"), {}));
  ASSERT_OK_AND_ASSIGN(const ChatReply again, client.Complete(Ask("why"), {}));
  EXPECT_EQ(again, first);
  EXPECT_EQ(again.usage.calls, 1U);
  EXPECT_EQ(model_.requests().size(), 1U);
}

TEST_F(RememberingChatClientTest, AnotherSeedIsAnotherQuestion) {
  RememberingChatClient client(model_, clock_);
  ASSERT_THAT(client.Complete(Ask("why", 1), {}), IsOk());
  ASSERT_THAT(client.Complete(Ask("why", 2), {}), IsOk());
  EXPECT_EQ(model_.requests().size(), 2U);
}

TEST_F(RememberingChatClientTest, AnErrorIsAskedAgain) {
  RememberingChatClient client(model_, clock_);
  model_.Fail(Error(ErrorCode::kUnavailable, "busy"));
  EXPECT_THAT(client.Complete(Ask("why"), {}), FailsWith(ErrorCode::kUnavailable, "busy"));
  ASSERT_OK_AND_ASSIGN(const ChatReply reply, client.Complete(Ask("why"), {}));
  EXPECT_EQ(reply.text, "why!");
}

TEST_F(RememberingChatClientTest, RepliesSurviveARestart) {
  ChatReply first;
  {
    ASSERT_OK_AND_ASSIGN(const auto client, RememberingChatClient::Open(model_, file_, clock_));
    ASSERT_OK_AND_ASSIGN(first, client->Complete(Ask("why"), {}));
  }
  ASSERT_OK_AND_ASSIGN(const auto client, RememberingChatClient::Open(model_, file_, clock_));
  ASSERT_OK_AND_ASSIGN(const ChatReply again, client->Complete(Ask("why"), {}));
  EXPECT_EQ(again, first);
  EXPECT_EQ(model_.requests().size(), 1U);
}

TEST_F(RememberingChatClientTest, ARememberedReplyTakesAsLongAsWhenItWasMade) {
  ASSERT_OK_AND_ASSIGN(auto client, RememberingChatClient::Open(model_, file_, clock_));
  ASSERT_THAT(client->Complete(Ask("why"), {}), IsOk());
  client.reset();
  ASSERT_OK_AND_ASSIGN(client, RememberingChatClient::Open(model_, file_, clock_));
  const RememberedTimeClock clock(clock_, *client);
  const Stopwatch watch(clock);
  ASSERT_THAT(client->Complete(Ask("why"), {}), IsOk());
  EXPECT_EQ(watch.elapsed(), 2s);
  ASSERT_THAT(client->Complete(Ask("how"), {}), IsOk());
  EXPECT_EQ(watch.elapsed(), 4s);
}

TEST_F(RememberingChatClientTest, AFileOfAnotherKindIsAnErrorAndStaysAsItIs) {
  const std::filesystem::path file = dir_.path() / "other.jsonl";
  ASSERT_THAT(WriteFileAtomically(file, "{\"a\": 1}\n"), IsOk());
  EXPECT_THAT(RememberingChatClient::Open(model_, file, clock_),
              FailsWith(ErrorCode::kInvalidArgument, "other.jsonl:1"));
  EXPECT_EQ(*ReadFile(file), "{\"a\": 1}\n");
}

}  // namespace
}  // namespace twohop
