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
void InsertByTime(Record record, std::vector<Record>& records,
                  TimePoint Record::*time = &Record::time) {
  const auto place = std::ranges::partition_point(
      records, [&](const Record& r) { return r.*time > record.*time; });
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

void AddExposure(const Event& event, UserActivity& activity) {
  ++activity.exposure_count;
  InsertByTime(ExposureRecord{event.item, event.time}, activity.exposures);
}

void AddFeedback(const Event& event, std::vector<FeedbackRecord>& given) {
  InsertByTime(FeedbackRecord{event.verdict, event.category_id, event.demand, event.time}, given);
  if (given.size() > kMaxFeedback) given.pop_back();
}

void Count(const Event& event, NoveltyOutcome& outcome) {
  if (event.time - outcome.newest >= kFeedbackMemory) outcome.unanswered = 0;
  outcome.newest = std::max(outcome.newest, event.time);
  if (event.type == EventType::kClick) {
    ++outcome.clicks;
    outcome.unanswered = 0;
  } else {
    ++outcome.exposures;
    ++outcome.unanswered;
  }
}

bool IsOfNoveltyChannel(const StateEvent& event) {
  return event.event.channel == kNoveltyChannel && !event.category_id.empty() &&
         (event.event.type == EventType::kExposure || event.event.type == EventType::kClick);
}

void AddOutcome(const StateEvent& event, std::vector<NoveltyOutcome>& outcomes) {
  NoveltyOutcome outcome{.category_id = event.category_id, .newest = event.event.time};
  const auto known = std::ranges::find(outcomes, event.category_id, &NoveltyOutcome::category_id);
  if (known != outcomes.end()) {
    outcome = std::move(*known);
    outcomes.erase(known);
  }
  Count(event.event, outcome);
  InsertByTime(std::move(outcome), outcomes, &NoveltyOutcome::newest);
  if (outcomes.size() > kMaxNoveltyOutcomes) outcomes.pop_back();
}

void ForgetOldSearches(UserActivity& activity) {
  auto& searches = activity.searches;
  const TimePoint oldest = activity.newest - kSearchWindow;
  while (!searches.empty() && searches.back().time < oldest) searches.pop_back();
  if (searches.size() > kMaxSearches) searches.resize(kMaxSearches);
}

void ForgetOldExposures(UserActivity& activity) {
  auto& exposures = activity.exposures;
  const TimePoint oldest = activity.newest - kExposureWindow;
  while (!exposures.empty() && exposures.back().time < oldest) exposures.pop_back();
  if (exposures.size() > kMaxExposures) exposures.resize(kMaxExposures);
}

}  // namespace

void ApplyEvent(const StateEvent& event, UserActivity& activity) {
  activity.newest = std::max(activity.newest, event.event.time);
  if (event.event.type == EventType::kExposure) AddExposure(event.event, activity);
  if (event.event.type == EventType::kClick) AddClick(event, activity);
  if (event.event.type == EventType::kSearch) AddSearch(event.event, activity);
  if (event.event.type == EventType::kFeedback) AddFeedback(event.event, activity.feedback.given);
  if (IsOfNoveltyChannel(event)) AddOutcome(event, activity.feedback.outcomes);
  ForgetOldSearches(activity);
  ForgetOldExposures(activity);
}

}  // namespace twohop::userstate_internal
