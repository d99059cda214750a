#include "twohop/nearline/state_materializer.h"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace twohop {
namespace {

std::vector<StateEvent> ToStateEvents(std::span<LoggedEvent> logged, const Catalog& catalog) {
  std::vector<StateEvent> events;
  events.reserve(logged.size());
  for (LoggedEvent& entry : logged) {
    events.push_back(ToStateEvent(std::move(entry.event), catalog));
  }
  return events;
}

std::uint64_t CountUnknownItems(std::span<const StateEvent> events) {
  return static_cast<std::uint64_t>(std::ranges::count_if(events, [](const StateEvent& event) {
    return HasItem(event.event.type) && event.category_id.empty();
  }));
}

}  // namespace

StateEvent ToStateEvent(Event event, const Catalog& catalog) {
  StateEvent state_event{std::move(event), {}, {}};
  if (!HasItem(state_event.event.type)) return state_event;
  if (const auto item = catalog.Find(state_event.event.item.value())) {
    const Category& category = catalog.taxonomy().at(catalog.at(*item).category);
    state_event.category_id = category.id;
    state_event.level1 = category.level1;
  }
  return state_event;
}

Result<MaterializeReport> MaterializeStates(const EventLog& log, UserStateStore& states,
                                            const Catalog& catalog, Progress& progress,
                                            std::stop_token stop,
                                            const MaterializeOptions& options) {
  MaterializeReport report;
  TWOHOP_ASSIGN_OR_RETURN(report.next, states.applied());
  const LogOffset end = log.end();
  if (report.next > end) {
    return FailedPrecondition(fmt::format(
        "user states hold events up to offset {}, but the log ends at {}; remove the user states "
        "and build them again",
        report.next.value(), end.value()));
  }
  const auto stage = progress.Begin("user states", end.value() - report.next.value());
  while (report.next < end) {
    if (stop.stop_requested()) return Cancelled("working events into user states was stopped");
    const std::size_t limit =
        std::min<std::uint64_t>(options.batch_size, end.value() - report.next.value());
    TWOHOP_ASSIGN_OR_RETURN(LogBatch batch, log.Read(report.next, limit));
    const std::vector<StateEvent> events = ToStateEvents(batch.events, catalog);
    TWOHOP_RETURN_IF_ERROR(states.Apply(events, batch.next));
    report.events += events.size();
    report.unknown_items += CountUnknownItems(events);
    report.next = batch.next;
    stage->Update(report.events);
  }
  return report;
}

}  // namespace twohop
