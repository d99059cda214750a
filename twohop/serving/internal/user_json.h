// The answer of GET /v1/users/{id}.

#pragma once

#include "twohop/base/json.h"
#include "twohop/userstate/user_state.h"

namespace twohop::serving_internal {

// {"id", "age_group", "gender", "clicked_level1", "clicks", "searches", "exposure_count",
// "click_count", "interests_created", "interests", "graph"}; the last three are null until
// reasoning succeeded once.
Json UserStateToJson(const UserState& state);

}  // namespace twohop::serving_internal
