// The answer of GET /v1/users/{id}.

#pragma once

#include "twohop/base/clock.h"
#include "twohop/base/json.h"
#include "twohop/userstate/user_state.h"

namespace twohop::serving_internal {

// {"id", "age_group", "gender", "clicked_level1", "clicks", "searches", "exposure_count",
// "click_count", "feedback", "novelty_outcomes", "interests_created", "interests", "graph"}; the
// last three are null until reasoning succeeded once. Each interest has, as "feedback", the weight
// that it has at `now` and why; null where nothing is known.
Json UserStateToJson(const UserState& state, TimePoint now);

}  // namespace twohop::serving_internal
