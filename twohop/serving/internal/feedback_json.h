// The request and the answer of POST /v1/interests/{category_id}/feedback.

#pragma once

#include <string>
#include <string_view>

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/domain/event.h"
#include "twohop/eventlog/event_log.h"
#include "twohop/ingest/event_json.h"
#include "twohop/userstate/user_state.h"

namespace twohop::serving_internal {

struct FeedbackBody {
  UserId user;
  FeedbackVerdict verdict = FeedbackVerdict::kAccept;
  std::string id;  // Of the event; empty: derived.
};

// {"user", "verdict", "id"?}
//
// Errors: kInvalidArgument, naming the field.
Result<FeedbackBody> ParseFeedbackBody(std::string_view body);

// The event of feedback at rules.now, with the demand that led to the interest. An interest that
// the user said something about before may be gone since: it is known by what was said, so that the
// same request may be repeated and a verdict changed.
//
// Errors: kNotFound if the user never had such an interest; those of ParseEventJson.
Result<Event> MakeFeedbackEvent(const FeedbackBody& body, std::string_view category_id,
                                const UserState& user, const EventRules& rules);

// {"id", "user", "category", "demand", "verdict", "duplicate"}
Json FeedbackAnswerToJson(const Event& event, const AppendResult& appended);

}  // namespace twohop::serving_internal
