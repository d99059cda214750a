// Who a simulated user really is: what nobody but the simulation knows.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "twohop/base/rng.h"
#include "twohop/domain/user.h"
#include "twohop/simulate/blueprint.h"
#include "twohop/simulate/shop.h"
#include "twohop/simulate/taste.h"

namespace twohop::simulate_internal {

// How much a user cares for a category.
enum class Affinity : std::uint8_t {
  kNone,    // Clicks by accident.
  kNearby,  // Its level-1 category is in the bubble.
  kBubble,  // Clicks openly.
  kHidden,  // Would click as readily, but has not been shown it.
};

struct Inhabitant {
  UserProfile profile;
  std::vector<std::size_t> lifestyles;  // One or two, places in the blueprint.
  std::vector<CategoryIndex> bubble;    // Visible interests, ascending.
  std::vector<Level1Index> topics;      // Level-1 categories of `bubble`, ascending.
  std::vector<CategoryIndex> hidden;    // Of the lifestyles, outside `topics`; ascending, not empty
                                        // unless the bubble covers all that the lifestyles want.
  std::vector<Affinity> affinity;       // By CategoryIndex.
  Taste taste;
  double activity = 1.0;  // How often the user comes, against the average of 1.
};

// Draws the user with this number; depends on nothing else that was drawn.
//
// A user has the core categories of the lifestyles in the bubble and a few more: either something
// related that was discovered already, or anything at all. Half of the remaining related categories
// are hidden interests.
Inhabitant DrawInhabitant(const CommunityBlueprint& blueprint, const Shop& shop, std::size_t number,
                          const Rng& rng);

// The chance in [0, 1] that the user clicks this item at `position` on the page, counted from 0.
double ClickChance(const Inhabitant& user, const Shop& shop, ItemIndex item, std::size_t position);

}  // namespace twohop::simulate_internal
