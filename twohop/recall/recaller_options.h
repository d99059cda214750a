// How pages are filled: channels, their places, filters and deadlines.

#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

#include "twohop/base/result.h"
#include "twohop/recall/channel.h"
#include "twohop/recall/merge.h"

namespace twohop {

// How one channel takes part.
struct ChannelOptions {
  // How much of the page it may fill, relative to the other channels of its group: the channels of
  // IsNoveltyKind divide the dose of novelty, all others what it leaves. In [0, 1e6]; with 0 it is
  // not asked, not even to fill up.
  double share = 0.0;
  PlaceRules places{};
  // It is left out if there is work left after so long; 0: the page's deadline alone. kPopular
  // takes next to no time and has none.
  std::chrono::nanoseconds deadline{0};
  // Newest clicked items that kSimilar and kCoClick go by, in [1, 200].
  std::size_t seeds = 10;
};

// By ChannelKind.
using ChannelShares = std::array<double, kChannelCount>;

struct RecallerOptions {
  std::size_t max_k = 500;  // Items of one page, at most.

  // The dose: the share of a page that channels of IsNoveltyKind fill, in [0, 1], where the request
  // does not say. With 1 the page is theirs alone, with 0 that of the others.
  double novelty_share = 0.3;

  // By ChannelKind.
  std::array<ChannelOptions, kChannelCount> channels = DefaultChannels();

  // Interests that were found longer ago are not served (design: hard TTL).
  std::chrono::days max_interest_age{7};
  // Most confident interests that are searched; each costs a tower forward and a search.
  std::size_t max_interests = 8;

  // An item that the user was shown less than this ago is left out; 0: it is not.
  std::chrono::hours exposure_pause{0};
  // An item that the user was shown so often is left out (see UserState::exposures for how long it
  // is remembered); 0: it is not.
  std::size_t max_exposures = 0;

  // How much a place goes to an item that is unlike those before it (MergeOptions::diversity).
  double diversity = 0.0;

  // From the start of Recall() on: channels that would be asked later are left out; 0: none.
  std::chrono::nanoseconds deadline{std::chrono::milliseconds(50)};

  const ChannelOptions& of(ChannelKind channel) const {
    return channels[static_cast<std::size_t>(channel)];
  }
  ChannelOptions& of(ChannelKind channel) { return channels[static_cast<std::size_t>(channel)]; }

  // Novelty, u2i, similar and popular with shares; the others with 0.
  static std::array<ChannelOptions, kChannelCount> DefaultChannels();

  // Errors: kInvalidArgument, naming the option and its channel.
  Status Validate() const;

  // What each channel gets of a page with this dose instead of novelty_share; they add up to 1.
  //
  // Errors: kInvalidArgument if the dose is not in [0, 1], or leaves no channel.
  Result<ChannelShares> SharesWith(double dose) const;
};

}  // namespace twohop
