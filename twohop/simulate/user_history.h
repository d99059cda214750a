// What one simulated user does over the whole time.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/rng.h"
#include "twohop/domain/event.h"
#include "twohop/simulate/blueprint.h"
#include "twohop/simulate/feed.h"
#include "twohop/simulate/inhabitant.h"
#include "twohop/simulate/shop.h"

namespace twohop::simulate_internal {

// An Event without strings of its own: a community has hundreds of thousands.
struct SimulatedEvent {
  TimePoint time;
  std::string_view query;  // Belongs to the blueprint.
  Milliseconds dwell{0};
  ItemIndex item;
  std::uint32_t user = 0;  // Place in the community.
  EventType type = EventType::kSearch;
  ShownBy shown_by = ShownBy::kFeed;  // For exposures and clicks.
  std::uint8_t position = 0;          // For exposures and clicks.
};

// What stays the same for all users.
struct World {
  const CommunityBlueprint& blueprint;
  const Shop& shop;
  TimePoint start;
  TimePoint end;
  double sessions_per_day = 0.0;
};

// The events of `user`, by time, all in [start, end); ties keep their order.
std::vector<SimulatedEvent> SimulateUser(const World& world, const Inhabitant& user,
                                         std::uint32_t number, const Rng& rng);

}  // namespace twohop::simulate_internal
