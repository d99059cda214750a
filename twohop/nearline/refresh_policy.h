// Whether a user's interests should be made anew, and from what.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/domain/latent_interest.h"
#include "twohop/domain/taxonomy.h"
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

// Which of what users do counts as evidence for latent interests beside their searches.
struct EvidenceOptions {
  // Categories that the user looks at much: labels of the categories with most clicks, each click
  // counting half as much a half-life before the newest one.
  std::size_t max_browsed = 0;         // 0: searches alone are evidence.
  std::size_t min_browsed_clicks = 3;  // Fewer say nothing.
  std::chrono::days half_life{14};
  std::shared_ptr<const Taxonomy> taxonomy = nullptr;  // Not null if max_browsed is above 0.
};

// See EvidenceOptions; most first, ties by label.
std::vector<std::string> BrowsedCategories(const UserState& state, const EvidenceOptions& options);

// What reasoning gets to see of a user at `now`. The searches are those of UserState, within 30
// days of the user's newest event and not of `now`: who comes back after a long time is still who
// searched then, and data that was recorded long ago reads as it did. Their age is counted from
// `now`; a time in the future is age 0.
UserContext MakeUserContext(const UserState& state, TimePoint now,
                            const EvidenceOptions& evidence = {});

// For InterestSet::inputs; never 0. Covers profile, searches - these in any order and spelling, as
// NormalizeName compares them -, categories browsed in any order, and feedback: what the user said,
// and categories that are out because nobody clicked. Not the other clicks: a category that was
// clicked since is left out when interests are served. Not the ages: they change every day.
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
