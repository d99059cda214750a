#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/llm/testing/fake_chat_client.h"
#include "twohop/llm/testing/fake_embedding_client.h"

namespace twohop {
namespace {

ChatRequest Ask(std::string text) {
  return {.stage = "test", .messages = {{ChatRole::kUser, std::move(text)}}, .json_schema = {}};
}

TEST(FakeChatClientTest, RepliesComeInTheirOrderAndRequestsAreRecorded) {
  FakeChatClient client;
  client.Reply("first");
  client.Fail(Error(ErrorCode::kUnavailable, "gone"));
  client.ReplyTruncated("thi");
  EXPECT_EQ(client.Complete(Ask("a"), {})->text, "first");
  EXPECT_THAT(client.Complete(Ask("b"), {}), FailsWith(ErrorCode::kUnavailable, "gone"));
  EXPECT_TRUE(client.Complete(Ask("c"), {})->truncated);
  EXPECT_EQ(client.requests(), (std::vector<ChatRequest>{Ask("a"), Ask("b"), Ask("c")}));
}

TEST(FakeChatClientTest, TheFunctionAnswersWhenTheScriptHasEnded) {
  FakeChatClient client;
  client.Reply("scripted");
  client.AnswerWith([&](const ChatRequest& request) -> Result<ChatReply> {
    return client.MakeReply("echo " + request.messages.back().content);
  });
  EXPECT_EQ(client.Complete(Ask("a"), {})->text, "scripted");
  EXPECT_EQ(client.Complete(Ask("b"), {})->text, "echo b");
}

TEST(FakeChatClientTest, AnUnscriptedRequestIsAnErrorThatShowsIt) {
  FakeChatClient client;
  EXPECT_THAT(client.Complete(Ask("what now"), {}), FailsWith(ErrorCode::kInternal, "what now"));
}

TEST(FakeChatClientTest, ARequestedStopUsesUpNoReply) {
  FakeChatClient client;
  client.Reply("kept");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(client.Complete(Ask("a"), stop.get_token()), FailsWith(ErrorCode::kCancelled, ""));
  EXPECT_EQ(client.Complete(Ask("a"), {})->text, "kept");
}

float Similarity(std::string a, std::string b) {
  FakeEmbeddingClient client;
  const std::vector<std::string> texts{std::move(a), std::move(b)};
  const Embeddings rows = *client.Embed(texts, {});
  return Dot(rows.row(0), rows.row(1));
}

TEST(FakeEmbeddingClientTest, TextsThatShareWordsAreNear) {
  EXPECT_NEAR(Similarity("Camping Tent", "tent, camping"), 1.0F, 1e-5F);
  EXPECT_GT(Similarity("camping tent", "camping stove"), 0.3F);
  EXPECT_LT(Similarity("camping tent", "lipstick"), 0.3F);
}

TEST(FakeEmbeddingClientTest, ATextWithoutWordsHasAVectorToo) {
  EXPECT_NEAR(Similarity("", "..."), 1.0F, 1e-5F);
}

TEST(FakeEmbeddingClientTest, AFailureIsGivenOnce) {
  FakeEmbeddingClient client;
  client.Fail(Error(ErrorCode::kUnavailable, "gone"));
  const std::vector<std::string> texts{"a"};
  EXPECT_THAT(client.Embed(texts, {}), FailsWith(ErrorCode::kUnavailable, "gone"));
  EXPECT_THAT(client.Embed(texts, {}), IsOk());
  EXPECT_EQ(client.calls(), 2U);
}

TEST(FakeEmbeddingClientTest, NoTextsGiveNoRows) {
  FakeEmbeddingClient client;
  EXPECT_EQ(client.Embed({}, {})->rows(), 0U);
}

}  // namespace
}  // namespace twohop
