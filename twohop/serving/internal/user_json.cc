#include "twohop/serving/internal/user_json.h"

#include <string>
#include <utility>

#include "twohop/base/time_format.h"
#include "twohop/domain/interest_json.h"

namespace twohop::serving_internal {
namespace {

Json ClicksToJson(const UserState& state) {
  Json clicks = Json::array();
  for (const ClickRecord& click : state.clicks) {
    clicks.push_back({{"item", click.item.value()},
                      {"category", click.category_id},
                      {"level1", click.level1},
                      {"time", FormatTime(click.time)}});
  }
  return clicks;
}

Json SearchesToJson(const UserState& state) {
  Json searches = Json::array();
  for (const SearchRecord& search : state.searches) {
    searches.push_back({{"query", search.query}, {"time", FormatTime(search.time)}});
  }
  return searches;
}

Json FeedbackToJson(const UserState& state) {
  Json feedback = Json::array();
  for (const FeedbackRecord& record : state.feedback.given) {
    feedback.push_back({{"verdict", FeedbackVerdictName(record.verdict)},
                        {"category", record.category_id},
                        {"demand", record.demand},
                        {"time", FormatTime(record.time)}});
  }
  return feedback;
}

Json OutcomesToJson(const UserState& state) {
  Json outcomes = Json::array();
  for (const NoveltyOutcome& outcome : state.feedback.outcomes) {
    outcomes.push_back({{"category", outcome.category_id},
                        {"exposures", outcome.exposures},
                        {"clicks", outcome.clicks},
                        {"unanswered", outcome.unanswered},
                        {"newest", FormatTime(outcome.newest)}});
  }
  return outcomes;
}

Json WeightToJson(const LatentInterest& interest, const InterestWeights& weights) {
  std::string reason = weights.Reason(interest.demand, interest.category_id);
  if (reason.empty()) return nullptr;
  return {{"weight", weights.Of(interest.demand, interest.category_id)},
          {"reason", std::move(reason)}};
}

void AddInterests(const std::optional<InterestSet>& set, const InterestWeights& weights,
                  Json& json) {
  for (const char* field : {"interests_created", "interests", "graph"}) json[field] = nullptr;
  if (!set.has_value()) return;
  Json interests = Json::array();
  for (const LatentInterest& interest : set->interests) {
    interests.push_back(InterestToJson(interest));
    interests.back()["feedback"] = WeightToJson(interest, weights);
  }
  json["interests_created"] = FormatTime(set->created);
  json["interests"] = std::move(interests);
  json["graph"] = GraphToJson(set->graph);
}

}  // namespace

Json UserStateToJson(const UserState& state, TimePoint now) {
  Json json = {
      {"id", state.profile.id.value()},         {"age_group", state.profile.age_group},
      {"gender", state.profile.gender},         {"clicked_level1", ClickedLevel1(state)},
      {"clicks", ClicksToJson(state)},          {"searches", SearchesToJson(state)},
      {"exposure_count", state.exposure_count}, {"click_count", state.click_count},
      {"feedback", FeedbackToJson(state)},      {"novelty_outcomes", OutcomesToJson(state)}};
  AddInterests(state.interests, WeighFeedback(state.feedback, now), json);
  return json;
}

}  // namespace twohop::serving_internal
