// Vectors without a model, in which texts that share words are near.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "twohop/base/mutex.h"
#include "twohop/llm/embedding_client.h"

namespace twohop {

// The vector of a text is the normalised sum of one random vector per word of its
// NormalizeName(): the same on every machine, 1 for texts with the same words in any order, near 0
// for texts without a common word. A text without words has a vector of its own.
//
// Thread-safe.
class FakeEmbeddingClient final : public EmbeddingClient {
 public:
  explicit FakeEmbeddingClient(std::size_t dim = 64, std::string model = "fake-embedding")
      : dim_(dim), model_(std::move(model)) {}

  // The next call fails with this.
  void Fail(Error error);

  std::size_t calls() const;
  std::vector<std::string> texts() const;  // Of all calls, in order.

  Result<Embeddings> Embed(std::span<const std::string> texts, std::stop_token stop) override;
  std::string model() const override { return model_; }

 private:
  const std::size_t dim_;
  const std::string model_;
  mutable Mutex mutex_;
  std::deque<Error> failures_ TWOHOP_GUARDED_BY(mutex_);
  std::size_t calls_ TWOHOP_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> texts_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop
