// Answers of a model that outlive the process and are there for all users.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/llm/embedding_client.h"
#include "twohop/reasoning/answer_cache.h"
#include "twohop/reasoning/blocklist.h"
#include "twohop/reasoning/edge_store.h"

namespace twohop {

struct StoredAnswerOptions {
  // A demand that a model writes and whose categories are not known takes those of the nearest
  // demand in the store from this cosine on, which saves the second call. Above 1: never.
  //
  // Chosen with `twohop edges merges` on the 4,806 rows of data/community (all-MiniLM-L6-v2):
  // docs/benchmarks.md has the table. The risk: two demands with nearly the same words and another
  // meaning ("protecting furniture from pets", "protecting pets from furniture") get the same
  // categories, for all users, until somebody edits one of them. Other embedding models need
  // another value.
  float merge_cosine = 0.9F;
  std::string adapter;  // The endpoint's LoRA adapter, which makes the same model another one.
  std::size_t failure_memory = 4096;  // Questions without an answer, remembered in the process.
};

struct StoredAnswerStats {
  std::uint64_t found = 0;     // Answers that were known.
  std::uint64_t merged = 0;    // Of those, by similarity of demands.
  std::uint64_t asked = 0;     // Answers of a model that were kept.
  std::uint64_t failures = 0;  // Records that could not be read or written, and embeddings.
};

// Answers in an EdgeStore. For a demand, what somebody corrected or a teacher said goes before the
// model's own answer. Sensitive demands (`blocklist`) are not kept. A question that no attempt
// answered is remembered in the process alone, so that a restart asks again.
//
// Thread-safe.
class StoredAnswers final : public AnswerCache {
 public:
  // What answers are kept with; all of it must outlive them.
  struct Parts {
    EdgeStore& store;  // Open for writing.
    const Taxonomy& taxonomy;
    EmbeddingClient& embedder;  // Of demands; its vectors do not mix with those of others.
    const Blocklist& blocklist;
  };

  // Reads the vectors of all demands in the store.
  //
  // Errors: those of EdgeStore::ForEach. Damaged records are left out.
  static Result<std::unique_ptr<StoredAnswers>> Make(const Parts& parts,
                                                     const StoredAnswerOptions& options);
  ~StoredAnswers() override;

  AnswerLookup Find(const AnswerQuestion& question, const std::stop_token& stop) override;
  void Remember(const AnswerQuestion& question, const std::vector<std::string>& texts,
                const AnswerLookup& lookup) override;

  StoredAnswerStats stats() const;

 private:
  class Impl;
  explicit StoredAnswers(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace twohop
