#include "twohop/simulate/user_history.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>

#include "twohop/simulate/searches.h"

namespace twohop::simulate_internal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kPageSize = 10;
constexpr std::size_t kSearchPageSize = 4;
constexpr double kSearchClickBoost = 1.3;  // Who searched knows what for.

// A visit is one page of the feed, or a search with its page of results.
struct Visit {
  TimePoint time;
  std::optional<PlannedSearch> search;
};

// Evenings are busy, nights quiet.
TimePoint DrawVisitTime(const World& world, Rng& rng) {
  constexpr std::array<double, 24> kByHour = {3, 1, 1, 0.5, 0.5, 1, 2, 4, 5,  4,  4, 5,
                                              7, 6, 5, 5,   5,   6, 8, 9, 10, 11, 9, 6};
  const auto days = std::chrono::ceil<std::chrono::days>(world.end - world.start).count();
  const auto day = std::chrono::days(rng.Below(static_cast<std::uint64_t>(days)));
  const hours hour(rng.Weighted(kByHour));
  return world.start + day + hour + Milliseconds(rng.Below(3'600'000));
}

std::vector<Visit> PlanVisits(const World& world, const Inhabitant& user, Rng& rng) {
  std::vector<Visit> visits;
  for (const PlannedSearch& search :
       PlanSearches(world.blueprint, user, world.start, world.end, rng)) {
    visits.push_back({search.time, search});
  }
  const double days =
      std::chrono::duration<double, std::chrono::days::period>(world.end - world.start).count();
  const double expected = world.sessions_per_day * days * user.activity;
  const auto sessions = static_cast<std::size_t>(expected + rng.Uniform());  // Rounds fairly.
  for (std::size_t i = 0; i < sessions; ++i) {
    visits.push_back({DrawVisitTime(world, rng), std::nullopt});
  }
  std::ranges::stable_sort(visits, {}, &Visit::time);
  return visits;
}

// Plays the visits of one user one after the other.
class Playback {
 public:
  Playback(const World& world, const Inhabitant& user, std::uint32_t number, Rng& rng)
      : world_(world), user_(user), number_(number), rng_(rng), feed_(world.shop, user.topics) {}

  std::vector<SimulatedEvent> Run(const std::vector<Visit>& visits) {
    for (const Visit& visit : visits) {
      now_ = std::max(visit.time, now_ + minutes(1));
      if (visit.search.has_value()) {
        PlaySearch(*visit.search);
      } else {
        ShowPage(feed_.Compose(kPageSize, rng_), 1.0);
      }
    }
    return std::move(events_);
  }

 private:
  void PlaySearch(const PlannedSearch& search) {
    Record({.time = now_, .query = search.query, .type = EventType::kSearch});
    if (!search.shelf.has_value()) return;
    std::vector<Shown> page;
    for (std::size_t i = 0; i < kSearchPageSize; ++i) {
      const ItemIndex item = world_.shop.DrawItem(*search.shelf, rng_);
      if (std::ranges::find(page, item, &Shown::item) == page.end()) {
        page.push_back({item, ShownBy::kSearch});
      }
    }
    Pass(Milliseconds(300));
    ShowPage(page, kSearchClickBoost);
  }

  void ShowPage(const std::vector<Shown>& page, double click_boost) {
    for (std::size_t position = 0; position < page.size(); ++position) {
      const Shown& shown = page[position];
      Record({.time = now_,
              .item = shown.item,
              .type = EventType::kExposure,
              .shown_by = shown.by,
              .position = static_cast<std::uint8_t>(position)});
      Pass(Milliseconds(800 + rng_.Below(4000)));
      const double chance = ClickChance(user_, world_.shop, shown.item, position);
      if (rng_.Chance(std::min(1.0, chance * click_boost))) Click(shown, position);
    }
  }

  void Click(const Shown& shown, std::size_t position) {
    Record({.time = now_,
            .item = shown.item,
            .type = EventType::kClick,
            .shown_by = shown.by,
            .position = static_cast<std::uint8_t>(position)});
    feed_.Learn(world_.shop.at(shown.item).item.category);
    Stay(shown.item);
  }

  // A quarter of a minute in the median, at most ten minutes; a few leave at once and unmeasured.
  void Stay(ItemIndex item) {
    constexpr double kMeasuredRatio = 0.9;
    if (!rng_.Chance(kMeasuredRatio)) return Pass(seconds(1));
    const double stayed = std::min(600.0, 15.0 * std::exp(0.8 * rng_.Normal()));
    const Milliseconds dwell(static_cast<std::int64_t>(stayed * 1000.0) + 500);
    Pass(dwell);
    Record({.time = now_, .dwell = dwell, .item = item, .type = EventType::kDwell});
    React(item, stayed);
  }

  // Whoever stays long reacts more often.
  void React(ItemIndex item, double stayed_seconds) {
    struct Reaction {
      EventType type;
      double chance;
    };
    constexpr std::array<Reaction, 5> kReactions = {{{EventType::kLike, 0.18},
                                                     {EventType::kFavourite, 0.09},
                                                     {EventType::kComment, 0.04},
                                                     {EventType::kShare, 0.03},
                                                     {EventType::kFollow, 0.02}}};
    const double warmth = std::clamp(stayed_seconds / 20.0, 0.3, 2.0);
    for (const Reaction& reaction : kReactions) {
      if (!rng_.Chance(reaction.chance * warmth)) continue;
      Pass(Milliseconds(500 + rng_.Below(3000)));
      Record({.time = now_, .item = item, .type = reaction.type});
    }
  }

  void Pass(Milliseconds duration) { now_ += duration; }

  // What would happen after the end has not happened yet.
  void Record(SimulatedEvent event) {
    if (event.time >= world_.end) return;
    event.user = number_;
    events_.push_back(event);
  }

  const World& world_;
  const Inhabitant& user_;
  const std::uint32_t number_;
  Rng& rng_;
  Feed feed_;
  TimePoint now_{};
  std::vector<SimulatedEvent> events_;
};

}  // namespace

std::vector<SimulatedEvent> SimulateUser(const World& world, const Inhabitant& user,
                                         std::uint32_t number, const Rng& rng) {
  Rng own = rng.Fork("history", number);
  return Playback(world, user, number, own).Run(PlanVisits(world, user, own));
}

}  // namespace twohop::simulate_internal
