// The request and the answer of POST /v1/events.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/domain/event.h"
#include "twohop/eventlog/event_log.h"
#include "twohop/ingest/event_json.h"

namespace twohop::serving_internal {

struct EventsBody {
  std::vector<Event> events;          // Of the rows that are good, in their order.
  std::vector<Result<EventId>> rows;  // By row.
  std::size_t rejected = 0;
};

// {"events": [row, ...]}, where a row is what ParseEventJson reads. A bad row is no error: it is
// reported.
//
// Errors: kInvalidArgument if there is no array of [1, max_events] rows.
Result<EventsBody> ParseEventsBody(std::string_view body, std::size_t max_events,
                                   const EventRules& rules);

// {"accepted", "appended", "duplicates", "rejected", "results": [{"id"} or {"error"}]}
Json EventsAnswerToJson(const EventsBody& body, const AppendResult& appended);

}  // namespace twohop::serving_internal
