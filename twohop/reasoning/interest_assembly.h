// From accepted proposals to what is stored.

#pragma once

#include <span>

#include "twohop/reasoning/category_space.h"
#include "twohop/reasoning/proposal.h"

namespace twohop {

// The interests of `accepted`, in its order, each with its category's text vector, and the graph
// that holds their paths and nothing else: what was rejected, sensitive guesses above all, is not
// kept.
//
// REQUIRES: every proposal has a category and a legal relation.
InterestSet AssembleInterests(std::span<const Proposal> accepted, const CategorySpace& space,
                              const Provenance& provenance);

}  // namespace twohop
