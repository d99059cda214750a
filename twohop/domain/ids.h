// The identifiers of the domain.

#pragma once

#include <cstdint>
#include <string>

#include "twohop/base/strong_id.h"

namespace twohop {

// Names that the user's own system gave; any non-empty UTF-8 text.
using UserId = StrongId<struct UserIdTag, std::string>;
using ItemId = StrongId<struct ItemIdTag, std::string>;
using EventId = StrongId<struct EventIdTag, std::string>;

// Positions in one loaded Taxonomy or Catalog, from 0. Valid for that object alone: what is stored
// or sent uses the names.
using CategoryIndex = StrongId<struct CategoryIndexTag, std::uint32_t>;
using Level1Index = StrongId<struct Level1IndexTag, std::uint32_t>;
using ItemIndex = StrongId<struct ItemIndexTag, std::uint32_t>;

// Position of an event in an event log. Offsets are dense, start at 0 and are never reused.
using LogOffset = StrongId<struct LogOffsetTag>;

}  // namespace twohop
