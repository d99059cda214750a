#include "twohop/userstate/user_activity.h"

#include <algorithm>
#include <string>
#include <utility>

#include "twohop/base/text.h"

namespace twohop::userstate_internal {
namespace {

// Puts `record` where its time belongs in `records`, which are newest first; in front of those of
// the same time.
template <typename Record>
void InsertByTime(Record record, std::vector<Record>& records) {
  const auto place =
      std::ranges::partition_point(records, [&](const Record& r) { return r.time > record.time; });
  records.insert(place, std::move(record));
}

void AddClick(const StateEvent& event, UserActivity& activity) {
  ++activity.click_count;
  InsertByTime(ClickRecord{event.event.item, event.category_id, event.level1, event.event.time},
               activity.clicks);
  if (activity.clicks.size() > kClickWindow) activity.clicks.pop_back();
}

void AddSearch(const Event& event, UserActivity& activity) {
  const std::string name = NormalizeName(event.query);
  if (name.empty()) return;
  const auto same = std::ranges::find_if(
      activity.searches, [&](const SearchRecord& s) { return NormalizeName(s.query) == name; });
  if (same != activity.searches.end()) {
    if (same->time > event.time) return;
    activity.searches.erase(same);
  }
  InsertByTime(SearchRecord{event.query, event.time}, activity.searches);
}

void ForgetOldSearches(UserActivity& activity) {
  auto& searches = activity.searches;
  const TimePoint oldest = activity.newest - kSearchWindow;
  while (!searches.empty() && searches.back().time < oldest) searches.pop_back();
  if (searches.size() > kMaxSearches) searches.resize(kMaxSearches);
}

}  // namespace

void ApplyEvent(const StateEvent& event, UserActivity& activity) {
  activity.newest = std::max(activity.newest, event.event.time);
  if (event.event.type == EventType::kExposure) ++activity.exposure_count;
  if (event.event.type == EventType::kClick) AddClick(event, activity);
  if (event.event.type == EventType::kSearch) AddSearch(event.event, activity);
  ForgetOldSearches(activity);
}

}  // namespace twohop::userstate_internal
