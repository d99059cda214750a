// The request and the answer of POST /v1/recall.

#pragma once

#include <chrono>
#include <string_view>

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"
#include "twohop/domain/ids.h"
#include "twohop/recall/recaller.h"
#include "twohop/userstate/user_state.h"

namespace twohop::serving_internal {

inline constexpr std::int64_t kMaxRecallItems = 500;

struct RecallBody {
  UserId user;
  RecallRequest request;
};

// {"user", "k"?, "novelty_share"?, "exclude"?}
//
// Errors: kInvalidArgument, naming the field.
Result<RecallBody> ParseRecallBody(std::string_view body);

// What was found, and how.
struct RecallAnswer {
  const Catalog& catalog;
  const UserState& user;
  const RecallResponse& response;
  // The user's record could not be read, and popular items stand in.
  bool user_state_failed = false;
  std::chrono::nanoseconds took{0};
};

// {"user", "bundle", "degraded", "degradations", "took_us", "items", "channels"}
Json RecallAnswerToJson(const RecallAnswer& answer);

}  // namespace twohop::serving_internal
