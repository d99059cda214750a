// The filters between what a language model proposes and what is stored.

#pragma once

#include <cstddef>
#include <string>
#include <unordered_set>
#include <vector>

#include "twohop/reasoning/blocklist.h"
#include "twohop/reasoning/category_space.h"
#include "twohop/reasoning/demand_screen.h"
#include "twohop/reasoning/proposal.h"

namespace twohop {

struct FilterOptions {
  std::size_t max_interests = 8;   // At least 1.
  std::size_t max_per_level1 = 2;  // At least 1; see also FilterProposals.
  // Two categories from this cosine on are nearly the same, and only the surer one stays. On the
  // demo taxonomy with all-MiniLM-L6-v2 the median pair has 0.25 and one pair in 10,000 has 0.75 or
  // more.
  float duplicate_similarity = 0.75F;
};

struct FilterContext {
  const CategorySpace& space;
  const Blocklist& blocklist;
  const std::vector<bool>& shown_level1;      // Indexed by Level1Index: not novel.
  const InterestWeights* feedback = nullptr;  // Null: there is none.
  // Demands that it refuses count as kSchema; null: none is refused.
  const DemandScreen* screen = nullptr;
  // Demands, as the proposals spell them, that the second guard calls sensitive; null: none.
  const std::unordered_set<std::string>* sensitive = nullptr;
};

// The proposals that stand, with confidences multiplied by the weight of feedback and at most 1,
// most confident first, ties by ascending category index; each has a
// category. Those that do not are counted in `rejected` under the first reason, in the order of
// RejectReason, that applies. Where several remain and one level-1 would carry them all, its first
// one stays.
std::vector<Proposal> FilterProposals(std::vector<Proposal> proposals, const FilterContext& context,
                                      const FilterOptions& options, RejectCounts& rejected);

void Count(RejectReason reason, RejectCounts& rejected, std::uint64_t times = 1);

// Adds each count of `more`.
void CountAll(const RejectCounts& more, RejectCounts& rejected);

}  // namespace twohop
