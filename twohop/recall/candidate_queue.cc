#include "twohop/recall/candidate_queue.h"

#include <algorithm>

namespace twohop::recall_internal {

bool CandidateQueue::HasItem(const ShownItems& shown) {
  Refill(shown);
  return !window_.empty();
}

Candidate CandidateQueue::Take(const ShownItems& shown) {
  std::size_t best = 0;
  if (diversity_ > 0.0) {
    double best_relevance = 0.0;
    for (std::size_t rank = 0; rank < window_.size(); ++rank) {
      Compare(shown, window_[rank]);
      const double relevance = Relevance(rank, window_[rank]);
      if (rank > 0 && relevance <= best_relevance) continue;
      best = rank;
      best_relevance = relevance;
    }
  }
  const Candidate taken = candidates_[window_[best].position];
  window_.erase(window_.begin() + static_cast<std::ptrdiff_t>(best));
  return taken;
}

void CandidateQueue::Refill(const ShownItems& shown) {
  std::erase_if(window_,
                [&](const Entry& entry) { return shown.Has(candidates_[entry.position].item); });
  const std::size_t wanted = diversity_ > 0.0 ? kDiversityWindow : 1;
  for (; window_.size() < wanted && next_ < candidates_.size(); ++next_) {
    if (!shown.Has(candidates_[next_].item)) window_.push_back({.position = next_});
  }
}

void CandidateQueue::Compare(const ShownItems& shown, Entry& entry) const {
  const auto vector = vectors_.row(candidates_[entry.position].item.value());
  for (; entry.compared < shown.size(); ++entry.compared) {
    entry.likeness = std::max(entry.likeness, Dot(vector, shown.vector(entry.compared)));
  }
}

double CandidateQueue::Relevance(std::size_t rank, const Entry& entry) const {
  const double relevance = 1.0 - static_cast<double>(rank) / static_cast<double>(kDiversityWindow);
  return (1.0 - diversity_) * relevance - diversity_ * double{entry.likeness};
}

}  // namespace twohop::recall_internal
