// A taxonomy and a catalogue small enough to keep in mind.

#pragma once

#include <memory>

#include "twohop/domain/catalog.h"
#include "twohop/domain/taxonomy.h"

namespace twohop {

// c1 Outdoor > Camping > Tents (alternative name 帐篷), with the alias c1-deep
// c2 Outdoor > Camping > Headlamps
// c3 Outdoor > Bags > Backpacks
// c4 Kitchen > Bags > Lunch Bags
// c5 Books > Books > Books
std::shared_ptr<const Taxonomy> SampleTaxonomy();

// tent (c1), lamp (c2) and pack (c3).
Catalog SampleCatalog();

}  // namespace twohop
