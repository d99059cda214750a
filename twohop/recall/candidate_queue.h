// The candidates of one channel that are still to be placed.

#pragma once

#include <cstddef>
#include <span>
#include <unordered_set>
#include <vector>

#include "twohop/base/embeddings.h"
#include "twohop/recall/channel.h"

namespace twohop::recall_internal {

// Candidates that may go before the best one for being unlike it. More would let in what the
// channel itself ranks far down, and cost time.
inline constexpr std::size_t kDiversityWindow = 10;

// What a page shows so far. Not thread-safe. `item_vectors` as in MergeOptions.
class ShownItems {
 public:
  explicit ShownItems(EmbeddingsView item_vectors) : vectors_(item_vectors) {}

  void Add(ItemIndex item) {
    items_.insert(item);
    order_.push_back(item);
  }
  bool Has(ItemIndex item) const { return items_.contains(item); }
  std::size_t size() const { return order_.size(); }
  // Of the i-th item that was added.
  std::span<const float> vector(std::size_t i) const { return vectors_.row(order_[i].value()); }

 private:
  EmbeddingsView vectors_;
  std::unordered_set<ItemIndex> items_;
  std::vector<ItemIndex> order_;
};

// Hands out candidates by maximal marginal relevance (MergeOptions::diversity), or in their order
// if diversity is 0. Borrows `candidates` and `item_vectors`. Not thread-safe.
class CandidateQueue {
 public:
  CandidateQueue(std::span<const Candidate> candidates, double diversity,
                 EmbeddingsView item_vectors)
      : candidates_(candidates), diversity_(diversity), vectors_(item_vectors) {}

  // True if a candidate is left that is not shown.
  bool HasItem(const ShownItems& shown);

  // The next one. REQUIRES: HasItem(shown).
  Candidate Take(const ShownItems& shown);

 private:
  // One of the next few.
  struct Entry {
    std::size_t position = 0;  // Among the candidates.
    std::size_t compared = 0;  // With so many of the items shown.
    float likeness = -1.0F;    // The greatest inner product with one of them; -1: none yet.
  };

  void Refill(const ShownItems& shown);
  void Compare(const ShownItems& shown, Entry& entry) const;
  double Relevance(std::size_t rank, const Entry& entry) const;

  std::span<const Candidate> candidates_;
  double diversity_;
  EmbeddingsView vectors_;
  std::vector<Entry> window_;  // In order of position.
  std::size_t next_ = 0;       // The first candidate that was not in the window yet.
};

}  // namespace twohop::recall_internal
