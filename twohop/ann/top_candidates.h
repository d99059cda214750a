// The best few of a long stream of scores.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace twohop::ann_internal {

struct ScoredItem {
  float score = 0.0F;
  std::uint32_t item = 0;
};

// Larger scores first, equal ones by ascending item.
inline bool Precedes(const ScoredItem& a, const ScoredItem& b) {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
}

// Keeps the `capacity` first items in the order of Precedes. Collects up to twice as many before it
// throws the worse half away, which costs a constant per item where a heap costs a logarithm.
//
// Not thread-safe. REQUIRES: capacity > 0; scores are not NaN.
class TopCandidates {
 public:
  explicit TopCandidates(std::size_t capacity) : capacity_(capacity) {
    kept_.reserve(2 * capacity);
  }

  // Scores below it need not be added.
  float threshold() const { return threshold_; }

  void Add(ScoredItem candidate) {
    if (candidate.score < threshold_) return;
    kept_.push_back(candidate);
    if (kept_.size() == 2 * capacity_) Cut();
  }

  // In no order; valid until the next call.
  std::span<const ScoredItem> Best() {
    if (kept_.size() > capacity_) Cut();
    return kept_;
  }

 private:
  void Cut() {
    const auto last = kept_.begin() + static_cast<std::ptrdiff_t>(capacity_) - 1;
    std::nth_element(kept_.begin(), last, kept_.end(), Precedes);
    threshold_ = last->score;
    kept_.resize(capacity_);
  }

  std::size_t capacity_;
  float threshold_ = -std::numeric_limits<float>::infinity();
  std::vector<ScoredItem> kept_;
};

}  // namespace twohop::ann_internal
