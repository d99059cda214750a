#include "twohop/llm/testing/fake_embedding_client.h"

#include <utility>

#include "twohop/base/hash.h"
#include "twohop/base/rng.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

void FillWithTextVector(std::string_view text, std::span<float> row) {
  const std::string words = NormalizeName(text);
  for (const std::string_view word : Split(words, ' ')) {
    Rng rng(Hash64(word));
    for (float& value : row) value += static_cast<float>(rng.Normal());
  }
  NormalizeL2(row);
}

}  // namespace

void FakeEmbeddingClient::Fail(Error error) {
  MutexLock lock(mutex_);
  failures_.push_back(std::move(error));
}

std::size_t FakeEmbeddingClient::calls() const {
  MutexLock lock(mutex_);
  return calls_;
}

std::vector<std::string> FakeEmbeddingClient::texts() const {
  MutexLock lock(mutex_);
  return texts_;
}

Result<Embeddings> FakeEmbeddingClient::Embed(std::span<const std::string> texts,
                                              std::stop_token stop) {
  {
    MutexLock lock(mutex_);
    ++calls_;
    texts_.insert(texts_.end(), texts.begin(), texts.end());
    if (stop.stop_requested()) return Cancelled("fake embedding client: stop requested");
    if (!failures_.empty()) {
      Error error = std::move(failures_.front());
      failures_.pop_front();
      return tl::unexpected<Error>(std::move(error));
    }
  }
  Embeddings embeddings(texts.size(), dim_);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    FillWithTextVector(texts[i], embeddings.mutable_row(i));
  }
  return embeddings;
}

}  // namespace twohop
