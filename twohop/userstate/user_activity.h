// How events change what is remembered of a user's doings; for twohop/userstate alone.

#pragma once

#include <cstdint>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/userstate/user_state.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop::userstate_internal {

// The part of a UserState that events make.
struct UserActivity {
  TimePoint newest = TimePoint::min();  // Time of the user's newest event of any type.
  std::uint64_t exposure_count = 0;
  std::uint64_t click_count = 0;
  std::vector<ClickRecord> clicks;        // As in UserState.
  std::vector<SearchRecord> searches;     // As in UserState.
  std::vector<ExposureRecord> exposures;  // As in UserState.
  InterestFeedback feedback;              // As in UserState.

  friend bool operator==(const UserActivity&, const UserActivity&) = default;
};

// Works one event in. Which events were seen decides the result, and not how they were cut into
// batches; among events of one time the one that came later counts as newer. For feedback.outcomes
// the order in which events came matters too.
void ApplyEvent(const StateEvent& event, UserActivity& activity);

}  // namespace twohop::userstate_internal
