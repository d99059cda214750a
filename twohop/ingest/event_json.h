// One event as JSON: the rules that files and the HTTP API share.

#pragma once

#include <chrono>
#include <cstddef>

#include "twohop/base/clock.h"
#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"
#include "twohop/domain/event.h"

namespace twohop {

// A search longer than this is not a search.
inline constexpr std::size_t kMaxQueryBytes = 512;
inline constexpr std::size_t kMaxDemandBytes = 512;
// Clocks differ; an event further ahead than this is wrong.
inline constexpr std::chrono::hours kMaxEventLead{24};

// What an event is checked against. `catalog` must outlive the rules.
struct EventRules {
  const Catalog& catalog;
  TimePoint now;       // An event more than kMaxEventLead after this is refused.
  TimePoint received;  // Becomes Event::received.
};

// Reads {"id"?, "user", "type", "time", "item", "query", "dwell_ms", "channel", "position"},
// and of feedback "category", "demand" and "verdict"; see docs/formats.md. Other fields are
// ignored. Without an id, the event gets one that depends on user, type, time, item and query
// alone, of feedback also on category and verdict, so that reading it again gives the same event.
//
// Errors: kInvalidArgument, naming the field, if a rule is broken.
Result<Event> ParseEventJson(const Json& json, const EventRules& rules);

}  // namespace twohop
