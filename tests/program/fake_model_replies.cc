#include "tests/program/fake_model_replies.h"

#include <vector>

#include "twohop/base/json.h"
#include "twohop/llm/testing/fake_embedding_client.h"

namespace twohop {

FakeHttpReply ChatReplyOf(const FakeChatAnswer& answer) {
  const Json body{
      {"model", answer.model},
      {"choices",
       {{{"finish_reason", answer.finish_reason}, {"message", {{"content", answer.text}}}}}},
      {"usage",
       {{"prompt_tokens", answer.prompt_tokens}, {"completion_tokens", answer.completion_tokens}}}};
  return {.body = body.dump()};
}

FakeHttpReply EmbeddingReplyTo(const FakeHttpRequest& request) {
  const auto texts = ParseJson(request.body)->at("input").get<std::vector<std::string>>();
  const Embeddings vectors = FakeEmbeddingClient().Embed(texts, {}).value();
  Json data = Json::array();
  for (std::size_t i = 0; i < vectors.rows(); ++i) {
    const auto row = vectors.row(i);
    data.push_back({{"index", i}, {"embedding", std::vector<float>(row.begin(), row.end())}});
  }
  return {.body = DumpJson({{"data", data}, {"usage", {{"prompt_tokens", texts.size()}}}})};
}

}  // namespace twohop
