#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/json.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/llm/openai_client.h"
#include "twohop/llm/testing/fake_http_server.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::SizeIs;

class OpenAiEmbeddingClientTest : public testing::Test {
 protected:
  OpenAiEmbeddingClientTest() {
    endpoint_.base_url = server_.base_url();
    endpoint_.model = "minilm";
  }

  void ServerSays(std::string body) { server_.Reply({.body = std::move(body)}); }

  // For the text "3,4" the vector [3, 4]; the last text comes first.
  void ServerEmbeds() {
    server_.AnswerWith([](const FakeHttpRequest& request) {
      const Json body = *ParseJson(request.body);
      Json data = Json::array();
      for (std::size_t i = 0; i < body["input"].size(); ++i) {
        const Json vector = *ParseJson("[" + body["input"][i].get<std::string>() + "]");
        data.push_back({{"index", i}, {"embedding", vector}});
      }
      std::reverse(data.begin(), data.end());
      return FakeHttpReply{
          .body = DumpJson({{"data", data}, {"usage", {{"prompt_tokens", body["input"].size()}}}})};
    });
  }

  Result<Embeddings> Embed(std::vector<std::string> texts) {
    if (!client_) client_ = *MakeOpenAiEmbeddingClient(endpoint_, clock_, 1, meter_);
    return client_->Embed(texts, {});
  }

  ManualClock clock_;
  TokenMeter meter_;
  Endpoint endpoint_;
  FakeHttpServer server_;
  std::unique_ptr<EmbeddingClient> client_;
};

TEST_F(OpenAiEmbeddingClientTest, RowsAreNormalisedAndInTheOrderOfTheTexts) {
  ServerEmbeds();
  ASSERT_OK_AND_ASSIGN(const Embeddings rows, Embed({"3,4", "0,-2", "5,0"}));
  EXPECT_THAT(rows.data(),
              ElementsAre(FloatNear(0.6F, 1e-6F), FloatNear(0.8F, 1e-6F), 0.0F, -1.0F, 1.0F, 0.0F));
  EXPECT_EQ(rows.dim(), 2U);
}

TEST_F(OpenAiEmbeddingClientTest, ManyTextsGoInBatches) {
  endpoint_.batch_texts = 2;
  ServerEmbeds();
  ASSERT_OK_AND_ASSIGN(const Embeddings rows, Embed({"1,0", "0,1", "1,0", "0,1", "1,0"}));
  EXPECT_EQ(rows.rows(), 5U);
  EXPECT_THAT(server_.requests(), SizeIs(3));
  EXPECT_EQ(server_.requests()[0].path, "/v1/embeddings");
  EXPECT_EQ(*ParseJson(server_.requests()[2].body),
            *ParseJson(R"({"model":"minilm","input":["1,0"],"encoding_format":"float"})"));
}

TEST_F(OpenAiEmbeddingClientTest, TheMeterLearnsWhatTheCallsUsed) {
  ServerEmbeds();
  ASSERT_THAT(Embed({"1,0", "0,1"}), IsOk());
  ASSERT_THAT(meter_.Snapshot(), SizeIs(1));
  EXPECT_EQ(meter_.Snapshot()[0].stage, "embedding");
  EXPECT_EQ(meter_.Snapshot()[0].usage.prompt_tokens, 2U);
}

TEST_F(OpenAiEmbeddingClientTest, NoTextsAskNothing) {
  ASSERT_OK_AND_ASSIGN(const Embeddings rows, Embed({}));
  EXPECT_EQ(rows.rows(), 0U);
  EXPECT_THAT(server_.requests(), SizeIs(0));
}

TEST_F(OpenAiEmbeddingClientTest, LongTextsAreCutBetweenCharacters) {
  endpoint_.max_text_bytes = 8;
  ServerSays(R"({"data":[{"embedding":[1]}]})");
  ASSERT_THAT(Embed({"äöüß!"}), IsOk());
  EXPECT_EQ((*ParseJson(server_.requests()[0].body))["input"][0], "äö…");
}

TEST_F(OpenAiEmbeddingClientTest, WithoutAnIndexThePositionCounts) {
  ServerSays(R"({"data":[{"embedding":[1,0]},{"embedding":[0,1]}]})");
  ASSERT_OK_AND_ASSIGN(const Embeddings rows, Embed({"a", "b"}));
  EXPECT_THAT(rows.row(1), ElementsAre(0.0F, 1.0F));
}

TEST_F(OpenAiEmbeddingClientTest, AFailureIsTriedAgain) {
  server_.Reply({.status = 503, .body = "busy"});
  ServerSays(R"({"data":[{"embedding":[1]}]})");
  EXPECT_THAT(Embed({"a"}), IsOk());
  EXPECT_THAT(clock_.sleeps(), SizeIs(1));
}

TEST_F(OpenAiEmbeddingClientTest, ADimensionThatChangesIsInternal) {
  ServerSays(R"({"data":[{"embedding":[1,0]}]})");
  ServerSays(R"({"data":[{"embedding":[1,0,0]}]})");
  ASSERT_THAT(Embed({"a"}), IsOk());
  EXPECT_THAT(Embed({"a"}), FailsWith(ErrorCode::kInternal, "3 numbers, before 2"));
}

class WrongEmbeddingTest : public OpenAiEmbeddingClientTest,
                           public testing::WithParamInterface<const char*> {};

TEST_P(WrongEmbeddingTest, IsInternal) {
  ServerSays(GetParam());
  EXPECT_THAT(Embed({"a", "b"}), FailsWith(ErrorCode::kInternal, "embedding"));
}

INSTANTIATE_TEST_SUITE_P(
    Bodies, WrongEmbeddingTest,
    testing::Values(R"({})", R"({"data":null})", R"({"data":[{"embedding":[1]}]})",
                    R"({"data":[1,2]})", R"({"data":[{"embedding":[1]},{"index":1}]})",
                    R"({"data":[{"embedding":[1]},{"embedding":"AACAPw=="}]})",
                    R"({"data":[{"embedding":[1]},{"embedding":[]}]})",
                    R"({"data":[{"embedding":[1]},{"embedding":[null]}]})",
                    R"({"data":[{"embedding":[1]},{"embedding":[1e300]}]})",
                    R"({"data":[{"embedding":[1]},{"embedding":[0]}]})",
                    R"({"data":[{"embedding":[1]},{"embedding":[1,2]}]})",
                    R"({"data":[{"index":1,"embedding":[1]},{"index":1,"embedding":[1]}]})",
                    R"({"data":[{"index":0,"embedding":[1]},{"index":2,"embedding":[1]}]})",
                    R"({"data":[{"index":0,"embedding":[1]},{"index":-1,"embedding":[1]}]})"));

}  // namespace
}  // namespace twohop
