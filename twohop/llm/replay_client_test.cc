#include "twohop/llm/replay_client.h"

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/llm/testing/fake_chat_client.h"
#include "twohop/llm/testing/fake_embedding_client.h"

namespace twohop {
namespace {

using testing::ElementsAreArray;

ChatRequest Ask(std::string text) {
  return {.stage = "hop1",
          .messages = {{ChatRole::kSystem, "Be brief."}, {ChatRole::kUser, std::move(text)}},
          .json_schema = R"({"type":"object"})",
          .temperature = 0.1F};
}

class ReplayClientTest : public testing::Test {
 protected:
  ReplayClientTest() : file_(dir_.path() / "transcript.jsonl") {
    chat_.AnswerWith([&](const ChatRequest& request) -> Result<ChatReply> {
      ++asked_;
      return chat_.MakeReply(request.messages.back().content + "! " + std::to_string(asked_));
    });
  }

  void Record(const std::vector<std::string>& questions) {
    const auto writer = *TranscriptWriter::Open(file_);
    const auto client = MakeRecordingChatClient(chat_, *writer);
    for (const auto& question : questions) ASSERT_THAT(client->Complete(Ask(question), {}), IsOk());
  }
  void RecordTexts(const std::vector<std::string>& texts) {
    const auto writer = *TranscriptWriter::Open(file_);
    const auto client = MakeRecordingEmbeddingClient(embedding_, *writer);
    ASSERT_THAT(client->Embed(texts, {}), IsOk());
  }
  static std::string Answer(ChatClient& client, const std::string& question) {
    return client.Complete(Ask(question), {})->text;
  }

  TempDir dir_;
  std::filesystem::path file_;
  int asked_ = 0;
  FakeChatClient chat_;
  FakeEmbeddingClient embedding_;
};

TEST_F(ReplayClientTest, AReplayedReplyIsTheRecordedOne) {
  ChatReply reply{.text = "ä\n\"",
                  .reasoning = "hm",
                  .truncated = true,
                  .usage = {.prompt_tokens = 3, .completion_tokens = 2, .calls = 1},
                  .model = "m"};
  chat_.Reply(reply);
  Record({"why"});
  ASSERT_OK_AND_ASSIGN(const auto replay, LoadReplayChatClient(file_));
  EXPECT_EQ(*replay->Complete(Ask("why"), {}), reply);
  EXPECT_EQ(replay->model(), "m");
}

TEST_F(ReplayClientTest, ARepeatedRequestGetsItsRepliesInOrderAndThenTheLast) {
  Record({"a", "b", "a"});
  ASSERT_OK_AND_ASSIGN(const auto replay, LoadReplayChatClient(file_));
  EXPECT_EQ(Answer(*replay, "a"), "a! 1");
  EXPECT_EQ(Answer(*replay, "a"), "a! 3");
  EXPECT_EQ(Answer(*replay, "a"), "a! 3");
  EXPECT_EQ(Answer(*replay, "b"), "b! 2");
}

TEST_F(ReplayClientTest, AnUnknownRequestIsNotFoundAndShown) {
  Record({"a"});
  ASSERT_OK_AND_ASSIGN(const auto replay, LoadReplayChatClient(file_));
  EXPECT_THAT(replay->Complete(Ask("what else"), {}), FailsWith(ErrorCode::kNotFound, "what else"));
  ChatRequest other_seed = Ask("a");
  other_seed.seed = 2;
  EXPECT_THAT(replay->Complete(other_seed, {}), FailsWith(ErrorCode::kNotFound, "\"seed\":2"));
}

TEST_F(ReplayClientTest, FailuresAreNotRecorded) {
  chat_.Fail(Error(ErrorCode::kUnavailable, "gone"));
  const auto writer = *TranscriptWriter::Open(file_);
  const auto client = MakeRecordingChatClient(chat_, *writer);
  EXPECT_THAT(client->Complete(Ask("a"), {}), FailsWith(ErrorCode::kUnavailable, "gone"));
  ASSERT_OK_AND_ASSIGN(const auto replay, LoadReplayChatClient(file_));
  EXPECT_THAT(replay->Complete(Ask("a"), {}), FailsWith(ErrorCode::kNotFound, "a"));
}

TEST_F(ReplayClientTest, ReplayedVectorsAreBitForBitTheRecordedOnes) {
  RecordTexts({"camping tent", "lipstick"});
  ASSERT_OK_AND_ASSIGN(const auto replay, LoadReplayEmbeddingClient(file_));
  const std::vector<std::string> texts{"lipstick", "camping tent", "lipstick"};
  ASSERT_OK_AND_ASSIGN(const Embeddings rows, replay->Embed(texts, {}));
  EXPECT_THAT(rows.data(), ElementsAreArray(embedding_.Embed(texts, {})->data()));
  EXPECT_EQ(replay->model(), "fake-embedding");
}

TEST_F(ReplayClientTest, AnUnknownTextIsNotFoundAndShown) {
  RecordTexts({"tent"});
  ASSERT_OK_AND_ASSIGN(const auto replay, LoadReplayEmbeddingClient(file_));
  const std::vector<std::string> texts{"tent", "stove"};
  EXPECT_THAT(replay->Embed(texts, {}), FailsWith(ErrorCode::kNotFound, "stove"));
}

TEST_F(ReplayClientTest, OneFileMayHoldBothKinds) {
  Record({"a"});
  RecordTexts({"tent"});
  EXPECT_EQ(Answer(**LoadReplayChatClient(file_), "a"), "a! 1");
  const std::vector<std::string> texts{"tent"};
  EXPECT_THAT((*LoadReplayEmbeddingClient(file_))->Embed(texts, {}), IsOk());
}

TEST_F(ReplayClientTest, AStopIsCancelled) {
  Record({"a"});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT((*LoadReplayChatClient(file_))->Complete(Ask("a"), stop.get_token()),
              FailsWith(ErrorCode::kCancelled, ""));
}

TEST_F(ReplayClientTest, NoFileIsNotFound) {
  EXPECT_THAT(LoadReplayChatClient(file_), FailsWith(ErrorCode::kNotFound, file_.string()));
  EXPECT_THAT(LoadReplayEmbeddingClient(file_), FailsWith(ErrorCode::kNotFound, file_.string()));
}

TEST_F(ReplayClientTest, ATranscriptThatCannotBeWrittenIsUnavailable) {
  EXPECT_THAT(TranscriptWriter::Open(dir_.path()), FailsWith(ErrorCode::kUnavailable, "twohop"));
}

TEST_F(ReplayClientTest, ADamagedLineIsDataLossAndNamed) {
  const auto expect_chat_fails = [&](const std::string& line, const std::string& reason) {
    const auto file = dir_.Write("damaged.jsonl", "\n" + line + "\n");
    EXPECT_THAT(LoadReplayChatClient(file), FailsWith(ErrorCode::kDataLoss, "damaged.jsonl:2: "));
    EXPECT_THAT(LoadReplayChatClient(file), FailsWith(ErrorCode::kDataLoss, reason));
  };
  expect_chat_fails("{", "not JSON");
  expect_chat_fails("[]", "kind");
  expect_chat_fails(R"({"kind":"song"})", "kind");
  expect_chat_fails(R"({"kind":"chat","reply":{"text":"x"}})", "request");
  expect_chat_fails(R"({"kind":"chat","request":{"seed":1}})", "text");
  expect_chat_fails(R"({"kind":"chat","request":{"seed":1},"reply":{"text":"x","calls":-1}})",
                    "calls");
}

TEST_F(ReplayClientTest, ADamagedVectorIsDataLossAndNamed) {
  const auto expect_fails = [&](const std::string& vector, const std::string& reason) {
    const std::string head = R"({"kind":"embedding","model":"m","text":"x","vector":)";
    const auto file = dir_.Write("damaged.jsonl", head + "[1]}\n" + head + vector + "}\n");
    EXPECT_THAT(LoadReplayEmbeddingClient(file), FailsWith(ErrorCode::kDataLoss, "jsonl:2: "));
    EXPECT_THAT(LoadReplayEmbeddingClient(file), FailsWith(ErrorCode::kDataLoss, reason));
  };
  expect_fails("[]", "vector");
  expect_fails("7", "vector");
  expect_fails("[null]", "numbers");
  expect_fails("[1e300]", "finite");
  expect_fails("[1,2]", "with 2 numbers");
}

}  // namespace
}  // namespace twohop
