// Turning text into vectors.

#pragma once

#include <span>
#include <stop_token>
#include <string>

#include "twohop/base/embeddings.h"
#include "twohop/base/result.h"

namespace twohop {

// Implementations are thread-safe.
class EmbeddingClient {
 public:
  virtual ~EmbeddingClient() = default;

  // float32 [texts.size(), T], every row of L2 norm 1, in the order of `texts`; large inputs are
  // sent in several requests. Blocks. T is the same in every call.
  //
  // Errors: as ChatClient::Complete; kInternal if the server's answer has another shape.
  virtual Result<Embeddings> Embed(std::span<const std::string> texts, std::stop_token stop) = 0;

  // The model that is asked for. Vectors of different models do not mix.
  virtual std::string model() const = 0;
};

}  // namespace twohop
