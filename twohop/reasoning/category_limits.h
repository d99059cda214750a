// How many categories of one kind are proposed together.

#pragma once

#include <span>
#include <vector>

#include "twohop/domain/taxonomy.h"
#include "twohop/reasoning/strategy.h"

namespace twohop {

// The first ones of `order` that stay within the limits: what the filters would cut anyway takes
// nobody's place.
std::vector<CategoryIndex> FirstWithinLimits(std::span<const CategoryIndex> order,
                                             const Taxonomy& taxonomy,
                                             const ProposeOptions& limits);

}  // namespace twohop
