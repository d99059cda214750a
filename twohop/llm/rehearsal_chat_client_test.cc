#include "twohop/llm/rehearsal_chat_client.h"

#include <gtest/gtest.h>

#include "twohop/base/json.h"
#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

ChatRequest Question(const std::string& text) {
  return {.messages = {{.content = text}}, .max_tokens = 40};
}

TEST(RehearsalChatClientTest, CountsWhatCallsMayCostAtMost) {
  RehearsalChatClient chat(/*max_attempts=*/2);
  ASSERT_THAT(chat.Complete(Question("1234567"), {}), IsOk());
  ASSERT_THAT(chat.Complete(Question("123"), {}), IsOk());
  EXPECT_EQ(chat.usage(), (TokenUsage{.prompt_tokens = 4, .completion_tokens = 80, .calls = 2}));
}

TEST(RehearsalChatClientTest, TheLastAttemptAtAQuestionIsAnsweredWithNewTexts) {
  RehearsalChatClient chat(/*max_attempts=*/2);
  EXPECT_EQ(chat.Complete(Question("a"), {})->text, "");
  EXPECT_EQ(chat.Complete(Question("b"), {})->text, "");
  const auto a = ParseJson(chat.Complete(Question("a"), {})->text);
  const auto b = ParseJson(chat.Complete(Question("b"), {})->text);
  ASSERT_THAT(a, IsOk());
  ASSERT_THAT(b, IsOk());
  EXPECT_TRUE(a->is_array());
  EXPECT_NE(*a, *b);
}

TEST(RehearsalChatClientTest, AStopIsCancelled) {
  RehearsalChatClient chat(/*max_attempts=*/1);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(chat.Complete(Question("a"), stop.get_token()),
              FailsWith(ErrorCode::kCancelled, "stop"));
}

}  // namespace
}  // namespace twohop
