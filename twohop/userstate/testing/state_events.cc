#include "twohop/userstate/testing/state_events.h"

#include <string>

#include <fmt/format.h>

namespace twohop {
namespace {

StateEvent MakeEvent(EventType type, std::string_view user, int minutes) {
  StateEvent event;
  event.event.type = type;
  event.event.user = UserId(std::string(user));
  event.event.time = TestTime(minutes);
  event.event.received = event.event.time;
  return event;
}

StateEvent RandomEvent(std::size_t users, Rng& rng) {
  const std::string user = fmt::format("user{}", rng.Below(users));
  const int minutes = static_cast<int>(rng.Below(40 * 24)) * 60;
  const std::string item = fmt::format("item{}", rng.Below(300));
  switch (rng.Below(5)) {
    case 0:
      return ExposureEvent(user, item, minutes);
    case 1:
      return SearchStateEvent(user, fmt::format("Query {}!", rng.Below(150)), minutes);
    case 2:
      return SearchStateEvent(user, fmt::format("query  {}", rng.Below(150)), minutes);
    case 3:
      return FeedbackStateEvent(user, static_cast<FeedbackVerdict>(1 + rng.Below(3)),
                                fmt::format("c{}", rng.Below(20)), "a need", minutes);
    default:
      return ClickEvent(user, item, minutes, fmt::format("Level {}", rng.Below(20)));
  }
}

}  // namespace

TimePoint TestTime(int minutes) {
  return TimePoint(Milliseconds(1'700'000'000'000)) + std::chrono::minutes(minutes);
}

StateEvent ClickEvent(std::string_view user, std::string_view item, int minutes,
                      std::string_view level1) {
  StateEvent event = MakeEvent(EventType::kClick, user, minutes);
  event.event.item = ItemId(std::string(item));
  event.category_id = level1.empty() ? "" : fmt::format("{}/pans", level1);
  event.level1 = std::string(level1);
  return event;
}

StateEvent SearchStateEvent(std::string_view user, std::string_view query, int minutes) {
  StateEvent event = MakeEvent(EventType::kSearch, user, minutes);
  event.event.query = std::string(query);
  return event;
}

StateEvent ExposureEvent(std::string_view user, std::string_view item, int minutes) {
  StateEvent event = MakeEvent(EventType::kExposure, user, minutes);
  event.event.item = ItemId(std::string(item));
  return event;
}

StateEvent FeedbackStateEvent(std::string_view user, FeedbackVerdict verdict,
                              std::string_view category_id, std::string_view demand, int minutes) {
  StateEvent event = MakeEvent(EventType::kFeedback, user, minutes);
  event.event.verdict = verdict;
  event.event.category_id = std::string(category_id);
  event.event.demand = std::string(demand);
  return event;
}

StateEvent NoveltyEvent(EventType type, std::string_view user, std::string_view category_id,
                        int minutes) {
  StateEvent event = MakeEvent(type, user, minutes);
  event.event.item = ItemId(fmt::format("item of {}", category_id));
  event.event.channel = std::string(kNoveltyChannel);
  event.category_id = std::string(category_id);
  event.level1 = "Kitchen";
  return event;
}

std::vector<StateEvent> RandomEvents(std::size_t count, std::size_t users, Rng& rng) {
  std::vector<StateEvent> events;
  for (std::size_t i = 0; i < count; ++i) {
    events.push_back(RandomEvent(users, rng));
    events.back().event.id = EventId(fmt::format("e{}", i));
  }
  return events;
}

InterestSet MakeInterests(std::size_t count, std::size_t dim, TimePoint created) {
  InterestSet set;
  set.created = created;
  const NodeIndex search = set.graph.AddNode(NodeKind::kSearch, "tent for two");
  for (std::size_t i = 0; i < count; ++i) {
    LatentInterest interest;
    interest.category_id = fmt::format("c{}", i);
    interest.category_label = fmt::format("Category {}", i);
    interest.level1 = fmt::format("Level {}", i);
    interest.searches = {"tent for two"};
    interest.demand = fmt::format("sleeping outdoors {}", i);
    interest.confidence = 0.5F;
    interest.provenance = {"model", "two_hop.v1", "full", i, created, 7};
    interest.embedding.assign(dim, 0.05F);
    const NodeIndex demand = set.graph.AddNode(NodeKind::kDemand, interest.demand);
    const NodeIndex category =
        set.graph.AddNode(NodeKind::kCategory, interest.category_label, interest.category_id);
    // Legal by construction.
    static_cast<void>(set.graph.AddEdge(search, EdgeRelation::kHypernym, demand));
    static_cast<void>(set.graph.AddEdge(demand, EdgeRelation::kCoHyponym, category));
    set.interests.push_back(std::move(interest));
  }
  return set;
}

}  // namespace twohop
