// An embedding client that asks once for each text.

#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "twohop/base/mutex.h"
#include "twohop/llm/embedding_client.h"

namespace twohop {

// Passes on the texts that are new and remembers the vectors of the last ones: what looks at a
// user's searches first pays for those who look later. Whoever embeds nothing new makes no call.
//
// Thread-safe; two threads with the same new text may both ask. `inner` must outlive it.
class RememberingEmbedder final : public EmbeddingClient {
 public:
  // Remembers up to `capacity` texts; each takes its length and 4 bytes per dimension.
  RememberingEmbedder(EmbeddingClient& inner, std::size_t capacity)
      : inner_(inner), capacity_(capacity) {}

  // Errors: those of the inner client.
  Result<Embeddings> Embed(std::span<const std::string> texts, std::stop_token stop) override;
  std::string model() const override { return inner_.model(); }

 private:
  using Known = std::unordered_map<std::string, std::vector<float>>;

  // The vectors of those that are remembered; the others go to `unknown`, each once.
  Known Recall(std::span<const std::string> texts, std::vector<std::string>& unknown) const;
  void Remember(std::span<const std::string> texts, const Embeddings& rows);

  EmbeddingClient& inner_;
  const std::size_t capacity_;
  mutable Mutex mutex_;
  Known known_ TWOHOP_GUARDED_BY(mutex_);
  std::deque<std::string> by_age_ TWOHOP_GUARDED_BY(mutex_);  // Keys of known_, oldest first.
};

}  // namespace twohop
