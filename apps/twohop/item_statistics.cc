#include "apps/twohop/item_statistics.h"

#include <algorithm>
#include <cstdint>

#include "twohop/recall/bundle.h"
#include "twohop/recall/co_click_counter.h"

namespace twohop::app {
namespace {

constexpr std::size_t kEventBatch = 10'000;

class ItemCounter {
 public:
  explicit ItemCounter(const Catalog& catalog)
      : catalog_(catalog),
        clicks_(catalog.size()),
        first_seen_(catalog.size()),
        co_clicks_(catalog.size()) {}

  void Add(const Event& event) {
    if (!HasItem(event.type)) return;
    const auto item = catalog_.Find(event.item.value());
    if (!item.has_value()) return;
    auto& first = first_seen_[item->value()];
    first = std::min(first.value_or(event.time), event.time);
    if (event.type != EventType::kClick) return;
    ++clicks_[item->value()];
    co_clicks_.Add(event.user, *item, event.time);
  }

  Result<ItemStatistics> Finish(const std::stop_token& stop) const {
    TWOHOP_ASSIGN_OR_RETURN(CoClickTable co_clicks, co_clicks_.Build(stop));
    return ItemStatistics{.popularity = RankByClicks(clicks_),
                          .newest = RankByNewness(first_seen_),
                          .co_clicks = std::move(co_clicks)};
  }

 private:
  const Catalog& catalog_;
  std::vector<std::uint64_t> clicks_;
  std::vector<std::optional<TimePoint>> first_seen_;
  CoClickCounter co_clicks_;
};

}  // namespace

Result<ItemStatistics> CountItemEvents(const EventLog& log, const Catalog& catalog,
                                       Progress& progress, const std::stop_token& stop) {
  const auto stage = progress.Begin("count clicks", log.end().value());
  ItemCounter counter(catalog);
  LogOffset from(0);
  while (from < log.end()) {
    if (stop.stop_requested()) return Cancelled("index was interrupted");
    TWOHOP_ASSIGN_OR_RETURN(const LogBatch batch, log.Read(from, kEventBatch));
    for (const LoggedEvent& logged : batch.events) counter.Add(logged.event);
    from = batch.next;
    stage->Update(from.value());
  }
  return counter.Finish(stop);
}

}  // namespace twohop::app
