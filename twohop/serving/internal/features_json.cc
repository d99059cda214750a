#include "twohop/serving/internal/features_json.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "twohop/serving/internal/json_body.h"
#include "twohop/serving/internal/recall_json.h"

namespace twohop::serving_internal {
namespace {

Json MatchToJson(const ItemFeatures& features, const FeaturesAnswer& answer) {
  if (!features.match.has_value()) return nullptr;
  const InterestMatch& match = *features.match;
  const LatentInterest& interest = answer.user.interests->interests[match.interest];
  Json json = {{"category", interest.category_id},
               {"label", interest.category_label},
               {"rank", match.rank + 1},
               {"confidence", match.confidence},
               {"score", match.score},
               {"text_score", match.text_score}};
  if (answer.body.paths) json["path"] = PathInWords(interest);
  return json;
}

Json ItemToJson(const ItemId& id, const ItemFeatures& features, const FeaturesAnswer& answer) {
  if (!features.item.has_value()) return {{"id", id.value()}, {"known", false}};
  Json json = {{"id", id.value()},        {"known", true},
               {"novel", features.novel}, {"u2i_score", features.u2i_score},
               {"text_match", nullptr},   {"interest", MatchToJson(features, answer)}};
  if (features.text_match.has_value()) json["text_match"] = *features.text_match;
  return json;
}

}  // namespace

Result<FeaturesBody> ParseFeaturesBody(std::string_view body) {
  TWOHOP_ASSIGN_OR_RETURN(const Json json, ParseBody(body, {"user", "items", "paths"}));
  FeaturesBody parsed;
  TWOHOP_ASSIGN_OR_RETURN(std::string user, RequireString(json, "user"));
  if (user.empty()) return InvalidArgument("field \"user\" must not be empty");
  parsed.user = UserId(std::move(user));
  TWOHOP_ASSIGN_OR_RETURN(auto items, OptionalStrings(json, "items"));
  if (items.empty() || items.size() > static_cast<std::size_t>(kMaxRecallItems)) {
    return InvalidArgument(fmt::format("field \"items\" must have 1 to {} ids, has {}",
                                       kMaxRecallItems, items.size()));
  }
  for (std::string& id : items) parsed.items.emplace_back(std::move(id));
  TWOHOP_ASSIGN_OR_RETURN(parsed.paths, OptionalBool(json, "paths", false));
  return parsed;
}

Json FeaturesAnswerToJson(const FeaturesAnswer& answer) {
  Json items = Json::array();
  for (std::size_t i = 0; i < answer.body.items.size(); ++i) {
    items.push_back(ItemToJson(answer.body.items[i], answer.response.items[i], answer));
  }
  Json degradations = Json::array();
  for (const Degradation degradation : answer.response.degradations) {
    degradations.push_back(DegradationName(degradation));
  }
  return {{"user", answer.body.user.value()},
          {"bundle", answer.response.bundle_version},
          {"degradations", std::move(degradations)},
          {"took_us", std::chrono::duration_cast<std::chrono::microseconds>(answer.took).count()},
          {"items", std::move(items)}};
}

}  // namespace twohop::serving_internal
