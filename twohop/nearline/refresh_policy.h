// Whether a user's interests should be made anew, and from what.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "twohop/base/clock.h"
#include "twohop/domain/latent_interest.h"
#include "twohop/reasoning/interest_generator.h"
#include "twohop/userstate/user_state.h"

namespace twohop {

// Who makes interests: what would make another answer likely for the same user.
struct InterestMaker {
  std::string model;
  std::string prompt_version;
  std::string strategy;
  std::uint64_t taxonomy = 0;  // Taxonomy::fingerprint().

  friend bool operator==(const InterestMaker&, const InterestMaker&) = default;
};

// For InterestSet::maker; never 0.
std::uint64_t FingerprintOf(const InterestMaker& maker);

// What reasoning gets to see of a user at `now`. The searches are those of UserState, within 30
// days of the user's newest event and not of `now`: who comes back after a long time is still who
// searched then, and data that was recorded long ago reads as it did. Their age is counted from
// `now`; a time in the future is age 0.
UserContext MakeUserContext(const UserState& state, TimePoint now);

// For InterestSet::inputs; never 0. Covers profile, searches - these in any order and spelling, as
// NormalizeName compares them - and feedback: what the user said, and categories that are out
// because nobody clicked. Not the clicks: a category that was clicked since is left out
// when interests are served. Not the ages: they change every day.
std::uint64_t FingerprintOf(const UserContext& user);

enum class RefreshReason : std::uint8_t {
  kNone,     // Stored interests are good.
  kMissing,  // Nothing is stored.
  kMaker,    // Another model, prompt, strategy or taxonomy made them.
  kInputs,   // The user searched for something else since, said something about an interest, or
             // has another profile.
  kAge,      // They are as old as the soft time to live, or older.
};

std::string_view RefreshReasonName(RefreshReason reason);  // "inputs"

// Why interests that `maker` would make of `inputs` at `now` should replace `stored`: the first
// reason that holds, in the order above. Interests from the future (a clock was set back) are
// young.
RefreshReason NeedsRefresh(const std::optional<InterestSet>& stored, std::uint64_t maker,
                           std::uint64_t inputs, TimePoint now, Milliseconds soft_ttl);

}  // namespace twohop
