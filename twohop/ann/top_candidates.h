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
// throws the worse half away: that costs a constant per item where a heap costs a logarithm.
//
// Not thread-safe. REQUIRES: capacity > 0; scores are not NaN.
class TopCandidates {
 public:
  explicit TopCandidates(std::size_t capacity) : capacity_(capacity), kept_(2 * capacity) {}

  // Scores below it need not be added.
  float threshold() const { return threshold_; }

  void Add(const ScoredItem& scored) {
    if (!(scored.score >= threshold_)) return;
    kept_[size_++] = scored;
    if (size_ == kept_.size()) Cut();
  }

  // In no order; valid until the next call.
  std::span<const ScoredItem> Best() {
    if (size_ > capacity_) Cut();
    return std::span(kept_).first(size_);
  }

 private:
  void Cut() {
    const auto worst_kept = kept_.begin() + static_cast<std::ptrdiff_t>(capacity_) - 1;
    const auto end = kept_.begin() + static_cast<std::ptrdiff_t>(size_);
    std::nth_element(kept_.begin(), worst_kept, end,
                     [](const ScoredItem& a, const ScoredItem& b) { return Precedes(a, b); });
    threshold_ = worst_kept->score;
    size_ = capacity_;
  }

  std::size_t capacity_;
  std::size_t size_ = 0;
  float threshold_ = -std::numeric_limits<float>::infinity();
  std::vector<ScoredItem> kept_;  // The first size_ count.
};

}  // namespace twohop::ann_internal
