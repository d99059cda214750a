#include <algorithm>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "twohop/base/json.h"
#include "twohop/base/text.h"
#include "twohop/llm/openai_client.h"
#include "twohop/llm/openai_transport.h"

namespace twohop {
namespace {

using llm_internal::ApiReply;
using llm_internal::OpenAiTransport;

// Reads one vector of `data`.
//
// Errors: kInternal if it is not a non-empty array of finite numbers that are not all 0.
Result<std::vector<float>> ParseVector(const Json& json) {
  if (!json.is_array() || json.empty()) return Internal("an embedding is not an array");
  std::vector<float> vector;
  vector.reserve(json.size());
  for (const Json& value : json) {
    if (!value.is_number()) return Internal("an embedding holds something other than numbers");
    vector.push_back(value.get<float>());
  }
  if (!AllFinite(vector)) return Internal("an embedding has a component that is not finite");
  NormalizeL2(vector);
  // A vector of zeros has no direction and stays as it is.
  if (Dot(vector, vector) < 0.5F) return Internal("an embedding is a vector of zeros");
  return vector;
}

// The row of entry `position`: its "index" if there is one, else its position.
Result<std::size_t> ParseIndex(const Json& entry, std::size_t position, std::size_t rows) {
  if (!entry.is_object() || !entry.contains("embedding")) {
    return Internal(fmt::format("entry {} of the embeddings has no vector", position));
  }
  const Json index = entry.value("index", Json(position));
  if (!index.is_number_unsigned() || index.get<std::uint64_t>() >= rows) {
    return Internal(fmt::format("entry {} of the embeddings has a wrong index", position));
  }
  return index.get<std::size_t>();
}

// The vectors in the order of their index: entry i belongs to text i.
Result<std::vector<std::vector<float>>> ParseVectors(const Json& body, std::size_t rows) {
  const auto data = body.find("data");
  if (data == body.end() || !data->is_array() || data->size() != rows) {
    return Internal(fmt::format("the model server's answer does not hold {} embeddings", rows));
  }
  std::vector<std::vector<float>> vectors(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const Json& entry = (*data)[i];
    TWOHOP_ASSIGN_OR_RETURN(const std::size_t index, ParseIndex(entry, i, rows));
    if (!vectors[index].empty()) return Internal(fmt::format("embedding {} comes twice", index));
    TWOHOP_ASSIGN_OR_RETURN(vectors[index], ParseVector(entry["embedding"]));
  }
  return vectors;
}

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
    TWOHOP_ASSIGN_OR_RETURN(const auto vectors, ParseVectors(answer.body, texts.size()));
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
