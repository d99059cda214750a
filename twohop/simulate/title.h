// Titles that read like those of real items.

#pragma once

#include <set>
#include <string>

#include "twohop/base/rng.h"
#include "twohop/domain/catalog.h"
#include "twohop/simulate/assortment.h"

namespace twohop::simulate_internal {

// "Norrland Gear Two-Person Dome Tent, windproof, green": brand, product, one of the item's tags
// that the rest neither says already nor contradicts, variant. Differs from all of `taken` and is
// added to it; an edition is appended once the combinations run out.
std::string DrawUniqueTitle(const Item& item, const ProductRange& range,
                            std::set<std::string>& taken, Rng& rng);

}  // namespace twohop::simulate_internal
