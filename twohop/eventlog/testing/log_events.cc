#include "twohop/eventlog/testing/log_events.h"

#include <fmt/format.h>

namespace twohop {

Event SearchEvent(std::string_view id) {
  Event event;
  event.id = EventId(std::string(id));
  event.user = UserId("ann");
  event.type = EventType::kSearch;
  event.time = TimePoint(Milliseconds(1'700'000'000'000));
  event.received = TimePoint(Milliseconds(1'700'000'001'000));
  event.query = fmt::format("query of {}", id);
  return event;
}

std::vector<Event> SearchEvents(std::size_t count, std::size_t first, std::string_view prefix) {
  std::vector<Event> events;
  for (std::size_t i = first; i < first + count; ++i) {
    events.push_back(SearchEvent(fmt::format("{}{}", prefix, i)));
  }
  return events;
}

}  // namespace twohop
