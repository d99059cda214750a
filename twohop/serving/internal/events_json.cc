#include "twohop/serving/internal/events_json.h"

#include <utility>

#include <fmt/format.h>

#include "twohop/serving/internal/json_body.h"

namespace twohop::serving_internal {
namespace {

Json RowToJson(const Result<EventId>& row) {
  if (row.has_value()) return {{"id", row->value()}};
  return {
      {"error", {{"code", ErrorCodeName(row.error().code())}, {"message", row.error().message()}}}};
}

void AddRow(Result<Event> event, EventsBody& body) {
  if (!event.has_value()) {
    ++body.rejected;
    body.rows.push_back(tl::unexpected<Error>(std::move(event).error()));
    return;
  }
  body.rows.push_back(event->id);
  body.events.push_back(*std::move(event));
}

}  // namespace

Result<EventsBody> ParseEventsBody(std::string_view text, std::size_t max_events,
                                   const EventRules& rules) {
  TWOHOP_ASSIGN_OR_RETURN(const Json json, ParseBody(text, {"events"}));
  const auto rows = json.find("events");
  if (rows == json.end() || !rows->is_array()) {
    return InvalidArgument("field \"events\" must be an array");
  }
  if (rows->empty() || rows->size() > max_events) {
    return InvalidArgument(
        fmt::format("field \"events\" must have [1, {}] rows, has {}", max_events, rows->size()));
  }
  EventsBody body;
  for (const Json& row : *rows) AddRow(ParseEventJson(row, rules), body);
  return body;
}

Json EventsAnswerToJson(const EventsBody& body, const AppendResult& appended) {
  Json results = Json::array();
  for (const auto& row : body.rows) results.push_back(RowToJson(row));
  return {{"accepted", body.events.size()},
          {"appended", appended.appended},
          {"duplicates", appended.duplicates},
          {"rejected", body.rejected},
          {"results", std::move(results)}};
}

}  // namespace twohop::serving_internal
