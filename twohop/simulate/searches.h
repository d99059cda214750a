// What a simulated user types.

#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/rng.h"
#include "twohop/simulate/blueprint.h"
#include "twohop/simulate/inhabitant.h"

namespace twohop::simulate_internal {

struct PlannedSearch {
  TimePoint time;
  std::string_view query;  // Belongs to the blueprint.
  // The category whose shelf answers, for terms that the shop knows; free text finds nothing.
  std::optional<CategoryIndex> shelf;
};

// In no particular order, possibly none. Over half are hints of the user's lifestyles, the others
// terms of categories in the bubble and of categories picked at random. They become denser with
// time: three of four fall into the second half of [start, end).
std::vector<PlannedSearch> PlanSearches(const CommunityBlueprint& blueprint, const Inhabitant& user,
                                        TimePoint start, TimePoint end, Rng& rng);

}  // namespace twohop::simulate_internal
