// What is remembered about a user.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twohop/base/binary.h"
#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/domain/event.h"
#include "twohop/domain/interest_feedback.h"
#include "twohop/domain/latent_interest.h"
#include "twohop/domain/user.h"

namespace twohop {

// A category is novel to a user if it is not among this many clicks (the paper's window).
inline constexpr std::size_t kClickWindow = 200;
// Searches older than this do not count (the paper's window).
inline constexpr std::chrono::days kSearchWindow{30};
// More searches than this are not kept, whatever their age.
inline constexpr std::size_t kMaxSearches = 100;
// Older feedback than this many is not kept.
inline constexpr std::size_t kMaxFeedback = 100;
// Of more categories than this, what came of them is not kept: those seen longest ago are forgotten
// with their counts.
inline constexpr std::size_t kMaxNoveltyOutcomes = 100;

// Older exposures than this many, and than this, are counted and forgotten: what was shown then may
// be shown again.
inline constexpr std::size_t kMaxExposures = 300;
inline constexpr std::chrono::days kExposureWindow{30};

struct ClickRecord {
  ItemId item;
  std::string category_id;  // Empty if the item was not in the catalogue when it was clicked.
  std::string level1;       // Name of the level-1 category; empty likewise.
  TimePoint time;

  friend bool operator==(const ClickRecord&, const ClickRecord&) = default;
};

struct SearchRecord {
  std::string query;
  TimePoint time;

  friend bool operator==(const SearchRecord&, const SearchRecord&) = default;
};

// An item that was shown to the user.
struct ExposureRecord {
  ItemId item;
  TimePoint time;

  friend bool operator==(const ExposureRecord&, const ExposureRecord&) = default;
};

struct UserState {
  UserProfile profile;                 // Only the id, if the profile was never given.
  std::vector<ClickRecord> clicks;     // Newest first, at most kClickWindow.
  std::vector<SearchRecord> searches;  // Newest first, at most kMaxSearches, within kSearchWindow
                                       // of the user's newest event. Queries that NormalizeName
                                       // makes equal stand once, as they were spelled last; one
                                       // that it leaves nothing of is not kept.
  std::vector<ExposureRecord> exposures{};  // Newest first, at most kMaxExposures, within
                                            // kExposureWindow of the user's newest event.
  std::uint64_t exposure_count = 0;         // Since ever.
  std::uint64_t click_count = 0;            // Since ever.
  std::optional<InterestSet> interests;     // Nothing until reasoning succeeded once.
  InterestFeedback feedback;                // At most kMaxFeedback and kMaxNoveltyOutcomes.

  friend bool operator==(const UserState&, const UserState&) = default;
};

// Names of the level-1 categories among the clicks, ascending, each once. Clicks on items that the
// catalogue did not know have none.
std::vector<std::string> ClickedLevel1(const UserState& state);

}  // namespace twohop
