// From accepted proposals to what is stored.

#pragma once

#include <span>
#include <string>

#include "twohop/reasoning/category_space.h"
#include "twohop/reasoning/proposal.h"

namespace twohop {

// Appends the interest, and adds its path to the set's graph. REQUIRES: a legal relation.
void AddInterest(LatentInterest interest, InterestSet& set);

// The interests of `accepted`, in its order, each with its category's text vector, and the graph
// that holds their paths and nothing else: what was rejected, sensitive guesses above all, is not
// kept. Those of a proposal's searches that are in `browsed` are categories that were looked at.
//
// REQUIRES: every proposal has a category and a legal relation.
InterestSet AssembleInterests(std::span<const Proposal> accepted,
                              std::span<const std::string> browsed, const CategorySpace& space,
                              const Provenance& provenance);

}  // namespace twohop
