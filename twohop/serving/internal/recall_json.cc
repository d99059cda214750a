#include "twohop/serving/internal/recall_json.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "twohop/serving/internal/json_body.h"

namespace twohop::serving_internal {
namespace {

std::int64_t Microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

Json InterestOf(const RecalledItem& item, const UserState& user) {
  if (!item.interest.has_value() || !user.interests.has_value()) return nullptr;
  const LatentInterest& interest = user.interests->interests[*item.interest];
  return {{"category", interest.category_id},
          {"label", interest.category_label},
          {"path", PathInWords(interest)}};
}

Json ItemToJson(const RecalledItem& recalled, const RecallAnswer& answer) {
  const Item& item = answer.catalog.at(recalled.item);
  const Taxonomy& taxonomy = answer.catalog.taxonomy();
  Json also_found_by = Json::array();
  for (const ChannelKind channel : recalled.also_found_by) {
    also_found_by.push_back(ChannelName(channel));
  }
  return {{"id", item.id.value()},
          {"title", item.title},
          {"category", taxonomy.path(item.category)},
          {"category_id", taxonomy.at(item.category).id},
          {"channel", ChannelName(recalled.channel)},
          {"also_found_by", std::move(also_found_by)},
          {"novel", recalled.novel},
          {"interest", InterestOf(recalled, answer.user)},
          {"score", recalled.score},
          {"reason", recalled.reason}};
}

Json ChannelToJson(const ChannelReport& report) {
  Json json = {{"channel", ChannelName(report.channel)},
               {"asked", report.asked},
               {"found", report.found},
               {"shown", report.shown},
               {"took_us", Microseconds(report.elapsed)}};
  if (report.error.has_value()) json["error"] = report.error->message();
  return json;
}

Json Degradations(const RecallAnswer& answer) {
  Json names = Json::array();
  if (answer.user_state_failed) names.push_back("user_state_failed");
  for (const Degradation degradation : answer.response.degradations) {
    names.push_back(DegradationName(degradation));
  }
  return names;
}

// Nothing if the request leaves it to the configuration.
Result<std::optional<double>> ParseNoveltyShare(const Json& json) {
  const auto field = json.find("novelty_share");
  if (field == json.end() || field->is_null()) return std::nullopt;
  TWOHOP_ASSIGN_OR_RETURN(const double share, OptionalNumber(json, "novelty_share", 0.0));
  if (share >= 0 && share <= 1) return share;
  return InvalidArgument(fmt::format("field \"novelty_share\" must be in [0, 1], is {}", share));
}

}  // namespace

Result<RecallBody> ParseRecallBody(std::string_view body) {
  TWOHOP_ASSIGN_OR_RETURN(const Json json,
                          ParseBody(body, {"user", "k", "novelty_share", "exclude"}));
  TWOHOP_ASSIGN_OR_RETURN(std::string user, RequireString(json, "user"));
  if (user.empty()) return InvalidArgument("field \"user\" must not be empty");
  RecallBody parsed{.user = UserId(std::move(user)), .request = {}};
  TWOHOP_ASSIGN_OR_RETURN(const std::int64_t k,
                          OptionalInteger(json, "k", static_cast<std::int64_t>(parsed.request.k)));
  if (k < 1 || k > kMaxRecallItems) {
    return InvalidArgument(
        fmt::format("field \"k\" must be in [1, {}], is {}", kMaxRecallItems, k));
  }
  parsed.request.k = static_cast<std::size_t>(k);
  TWOHOP_ASSIGN_OR_RETURN(parsed.request.novelty_share, ParseNoveltyShare(json));
  TWOHOP_ASSIGN_OR_RETURN(auto exclude, OptionalStrings(json, "exclude"));
  for (std::string& id : exclude) parsed.request.exclude.emplace_back(std::move(id));
  return parsed;
}

Json RecallAnswerToJson(const RecallAnswer& answer) {
  Json items = Json::array();
  for (const RecalledItem& item : answer.response.items) items.push_back(ItemToJson(item, answer));
  Json channels = Json::array();
  for (const ChannelReport& report : answer.response.channels) {
    channels.push_back(ChannelToJson(report));
  }
  return {{"user", answer.user.profile.id.value()},
          {"bundle", answer.response.bundle_version},
          {"degraded", answer.user_state_failed || answer.response.degraded()},
          {"degradations", Degradations(answer)},
          {"took_us", Microseconds(answer.took)},
          {"items", std::move(items)},
          {"channels", std::move(channels)}};
}

}  // namespace twohop::serving_internal
