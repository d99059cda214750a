#include <algorithm>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "twohop/base/json.h"
#include "twohop/base/text.h"
#include "twohop/llm/openai_client.h"
#include "twohop/llm/openai_reply.h"
#include "twohop/llm/openai_transport.h"

namespace twohop {
namespace {

using llm_internal::ApiReply;
using llm_internal::OpenAiTransport;
using llm_internal::ParseEmbeddingReply;

class OpenAiEmbeddingClient final : public EmbeddingClient {
 public:
  OpenAiEmbeddingClient(const Endpoint& endpoint, const Clock& clock, std::uint64_t jitter_seed,
                        TokenMeter& meter)
      : transport_(endpoint, clock, jitter_seed, meter) {}

  Result<Embeddings> Embed(std::span<const std::string> texts, std::stop_token stop) override {
    Embeddings embeddings(dim_.load());
    while (!texts.empty()) {
      const std::size_t count = std::min(texts.size(), transport_.endpoint().batch_texts);
      TWOHOP_RETURN_IF_ERROR(EmbedBatch(texts.first(count), stop, embeddings));
      texts = texts.subspan(count);
    }
    return embeddings;
  }

  std::string model() const override { return transport_.endpoint().model; }

 private:
  Status EmbedBatch(std::span<const std::string> texts, std::stop_token stop,
                    Embeddings& embeddings) {
    std::size_t bytes = 0;
    Json input = Json::array();
    for (const std::string& text : texts) {
      input.push_back(Cut(text));
      bytes += text.size();
    }
    const Json body{{"model", model()}, {"input", std::move(input)}, {"encoding_format", "float"}};
    TWOHOP_ASSIGN_OR_RETURN(const ApiReply answer, transport_.Post("/embeddings", body, stop));
    transport_.Record("embedding", answer, bytes, 0);
    TWOHOP_ASSIGN_OR_RETURN(const auto vectors, ParseEmbeddingReply(answer.body, texts.size()));
    for (const auto& vector : vectors) {
      TWOHOP_RETURN_IF_ERROR(CheckDim(vector.size()));
      if (embeddings.dim() == 0) embeddings = Embeddings(vector.size());
      embeddings.Append(vector);
    }
    return Ok();
  }

  std::string Cut(const std::string& text) const {
    const std::size_t limit = transport_.endpoint().max_text_bytes;
    return limit == 0 ? text : Ellipsize(text, limit);
  }

  // The first vector ever fixes the dimension; concurrent first calls agree on one of them.
  Status CheckDim(std::size_t dim) {
    std::size_t known = 0;
    if (dim_.compare_exchange_strong(known, dim) || known == dim) return Ok();
    return Internal(
        fmt::format("the model server's embeddings have {} numbers, before {}", dim, known));
  }

  OpenAiTransport transport_;
  std::atomic<std::size_t> dim_ = 0;
};

}  // namespace

Result<std::unique_ptr<EmbeddingClient>> MakeOpenAiEmbeddingClient(const Endpoint& endpoint,
                                                                   const Clock& clock,
                                                                   std::uint64_t jitter_seed,
                                                                   TokenMeter& meter) {
  TWOHOP_RETURN_IF_ERROR(endpoint.Validate());
  return std::make_unique<OpenAiEmbeddingClient>(endpoint, clock, jitter_seed, meter);
}

}  // namespace twohop
