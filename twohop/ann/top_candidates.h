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
  static constexpr std::size_t kMaxBatch = 16;

  explicit TopCandidates(std::size_t capacity)
      : capacity_(capacity), kept_(2 * capacity + kMaxBatch) {}

  // Scores below it need not be added.
  float threshold() const { return threshold_; }

  // Adds items[i] with scores[i]. REQUIRES: equal sizes of at most kMaxBatch.
  void AddAll(std::span<const float> scores, std::span<const std::uint32_t> items) {
    // Without a branch, which would be mispredicted while the threshold rises.
    for (std::size_t i = 0; i < scores.size(); ++i) {
      kept_[size_] = {scores[i], items[i]};
      size_ += static_cast<std::size_t>(scores[i] >= threshold_);
    }
    if (size_ >= 2 * capacity_) Cut();
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
  std::vector<ScoredItem> kept_;  // The first size_ count; room for a batch more than is cut at.
};

}  // namespace twohop::ann_internal
