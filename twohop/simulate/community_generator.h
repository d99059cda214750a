// Generates a community: items, users and what they did, and apart from it what they really want.

#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "twohop/base/clock.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/domain/event.h"
#include "twohop/simulate/blueprint.h"
#include "twohop/simulate/community_output.h"

namespace twohop {

struct CommunityOptions {
  std::uint64_t seed = 1;
  std::size_t users = 5'000;   // At least 1.
  std::size_t items = 20'000;  // At least one for each category.
  std::chrono::days days{60};  // At least 1.
  // All events lie in [end - days, end). The default is a fixed day, so that equal options give
  // equal files; a demo that goes on with live events passes the present.
  TimePoint end{std::chrono::sys_days(std::chrono::year(2025) / 10 / 1)};
  // Visits to the feed of an average user, ten items each; sets the number of events (about 120 a
  // user in 60 days).
  double sessions_per_day = 0.145;

  // Errors: kInvalidArgument, naming the field.
  Status Validate(const Taxonomy& taxonomy) const;
};

// How the feed's exposures of one user narrow: the entropy of their level-1 categories in bits,
// over the first and the last twenty, averaged over the users who saw at least forty.
struct FeedNarrowing {
  std::size_t users = 0;
  double first_bits = 0.0;
  double last_bits = 0.0;
};

struct CommunitySummary {
  std::size_t users = 0;
  std::size_t items = 0;
  std::size_t events = 0;
  std::array<std::size_t, 11> events_by_type{};  // By the number of EventType.
  std::size_t users_without_searches = 0;
  std::size_t hidden_interests = 0;  // That are still hidden at the end.
  std::size_t found_interests = 0;   // That the feed's exploration uncovered.
  FeedNarrowing narrowing;

  std::size_t count(EventType type) const { return events_by_type[static_cast<std::size_t>(type)]; }
};

// Simulates every user with a feed that learns from its own exposures and writes the files, events
// by time. Equal blueprint and options give equal bytes. Finishes `output` unless it fails. Runs on
// the calling thread for about a second per million events, and holds the events in memory (48
// bytes each).
//
// Errors: kInvalidArgument if options are not valid; those of `output`.
Result<CommunitySummary> GenerateCommunity(const CommunityBlueprint& blueprint,
                                           const CommunityOptions& options, CommunityOutput& output,
                                           Progress& progress);

}  // namespace twohop
