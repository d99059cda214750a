// The request and the answer of POST /v1/features.

#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/domain/ids.h"
#include "twohop/recall/recaller.h"
#include "twohop/userstate/user_state.h"

namespace twohop::serving_internal {

struct FeaturesBody {
  UserId user;
  std::vector<ItemId> items;
  bool paths = false;  // With each match in words.
};

// {"user", "items", "paths"?}
//
// Errors: kInvalidArgument, naming the field.
Result<FeaturesBody> ParseFeaturesBody(std::string_view body);

struct FeaturesAnswer {
  const FeaturesBody& body;
  const UserState& user;
  const FeatureResponse& response;
  std::chrono::nanoseconds took{0};
};

// {"user", "bundle", "degradations", "took_us", "items"}
Json FeaturesAnswerToJson(const FeaturesAnswer& answer);

}  // namespace twohop::serving_internal
