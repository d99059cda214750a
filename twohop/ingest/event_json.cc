#include "twohop/ingest/event_json.h"

#include "twohop/ingest/event_row.h"
#include "twohop/ingest/json_row.h"

namespace twohop {

Result<Event> ParseEventJson(const Json& json, const EventRules& rules) {
  ingest_internal::RawRow row(ingest_internal::EventSchema());
  if (auto broken = ingest_internal::FillFromJson(json, row)) {
    return InvalidArgument(std::move(broken->message));
  }
  auto event = ingest_internal::MakeEvent(row, rules);
  if (!event.has_value()) return InvalidArgument(std::move(event.error().message));
  return *std::move(event);
}

}  // namespace twohop
