// One answer from several channels.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "twohop/recall/channel.h"

namespace twohop {

struct ChannelCandidates {
  ChannelKind channel = ChannelKind::kNovelty;
  double share = 0.0;                 // > 0; relative to those of the other channels.
  std::vector<Candidate> candidates;  // Best first, each item once.
};

struct MergedItem {
  Candidate candidate;
  ChannelKind channel = ChannelKind::kNovelty;  // Whose place it fills.
  std::vector<ChannelKind> also_found_by;       // Ascending.

  friend bool operator==(const MergedItem&, const MergedItem&) = default;
};

// How many of `k` places each channel gets: proportional to the shares, rounded by largest
// remainder (ties to the earlier one). They add up to k.
//
// REQUIRES: shares are > 0 and finite; at least one if k > 0.
std::vector<std::size_t> Quotas(std::span<const double> shares, std::size_t k);

// Fills at most `k` places, each item once, from left to right: a place goes to the channel that is
// furthest behind its share of the places so far (ties to the earlier one), which puts its best
// item there that is not shown yet. A channel that has filled its quota waits until the others have
// filled theirs or have no more items; the places that are left then go by the same rule.
//
// Deterministic. REQUIRES: channels ascend and occur once; shares are > 0 and finite.
std::vector<MergedItem> Merge(std::span<const ChannelCandidates> channels, std::size_t k);

}  // namespace twohop
