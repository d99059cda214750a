#include "twohop/serving/internal/feedback_json.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/text.h"
#include "twohop/base/time_format.h"
#include "twohop/serving/internal/json_body.h"

namespace twohop::serving_internal {
namespace {

// The demand that led the user to the category; nothing if they never had that interest.
std::optional<std::string> FindDemand(const UserState& user, std::string_view category_id) {
  if (user.interests.has_value()) {
    const auto& interests = user.interests->interests;
    const auto found = std::ranges::find(interests, category_id, &LatentInterest::category_id);
    if (found != interests.end()) return found->demand;
  }
  const auto& given = user.feedback.given;
  const auto found = std::ranges::find(given, category_id, &FeedbackRecord::category_id);
  if (found != given.end()) return found->demand;
  return std::nullopt;
}

}  // namespace

Result<FeedbackBody> ParseFeedbackBody(std::string_view body) {
  TWOHOP_ASSIGN_OR_RETURN(const Json json, ParseBody(body, {"user", "verdict", "id"}));
  TWOHOP_ASSIGN_OR_RETURN(std::string user, RequireString(json, "user"));
  if (user.empty()) return InvalidArgument("field \"user\" must not be empty");
  TWOHOP_ASSIGN_OR_RETURN(const std::string name, RequireString(json, "verdict"));
  const auto verdict = ParseFeedbackVerdict(name);
  if (!verdict.has_value()) return Annotate(verdict, "field \"verdict\"");
  TWOHOP_ASSIGN_OR_RETURN(std::string id, OptionalString(json, "id"));
  return FeedbackBody{UserId(std::move(user)), *verdict, std::move(id)};
}

Result<Event> MakeFeedbackEvent(const FeedbackBody& body, std::string_view category_id,
                                const UserState& user, const EventRules& rules) {
  std::optional<std::string> demand = FindDemand(user, category_id);
  if (!demand.has_value()) {
    return NotFound(fmt::format("user \"{}\" has no latent interest in category \"{}\"",
                                body.user.value(), Ellipsize(category_id, 200)));
  }
  TWOHOP_ASSIGN_OR_RETURN(Event event,
                          ParseEventJson({{"id", body.id},
                                          {"user", body.user.value()},
                                          {"type", EventTypeName(EventType::kFeedback)},
                                          {"time", FormatTime(rules.now)},
                                          {"category", category_id},
                                          {"verdict", FeedbackVerdictName(body.verdict)}},
                                         rules));
  event.demand = *std::move(demand);
  return event;
}

Json FeedbackAnswerToJson(const Event& event, const AppendResult& appended) {
  return {{"id", event.id.value()},
          {"user", event.user.value()},
          {"category", event.category_id},
          {"demand", event.demand},
          {"verdict", FeedbackVerdictName(event.verdict)},
          {"duplicate", appended.duplicates > 0}};
}

}  // namespace twohop::serving_internal
