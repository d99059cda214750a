// One answer from several channels.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "twohop/base/embeddings.h"
#include "twohop/base/result.h"
#include "twohop/recall/channel.h"

namespace twohop {

// Which places of a page a channel may fill. Places count from 1. How many there may be is a limit;
// where they lie gives way before the page is shorter than it could be.
struct PlaceRules {
  std::size_t max_items = 0;    // At most so many; 0: as many as there are.
  std::size_t first_place = 1;  // None before it.
  // One at each of these and no others, whatever the channel's share; ascending. Empty: as the
  // share has it.
  std::vector<std::size_t> places{};

  // Errors: kInvalidArgument if first_place or a place is 0, places do not ascend, or come together
  // with one of the other two.
  Status Validate() const;

  friend bool operator==(const PlaceRules&, const PlaceRules&) = default;
};

struct ChannelCandidates {
  ChannelKind channel = ChannelKind::kNovelty;
  double share = 0.0;                 // > 0; relative to those of the other channels.
  std::vector<Candidate> candidates;  // Best first, each item once.
  PlaceRules rules{};
};

struct MergeOptions {
  // Maximal marginal relevance (Carbonell and Goldstein 1998): of its next few candidates a channel
  // takes the one with the greatest (1 - diversity) * relevance - diversity * likeness, where
  // relevance falls evenly from 1 with the candidate's position, and likeness is the greatest
  // inner product with an item that is placed already. In [0, 1]; 0 keeps the channel's order.
  double diversity = 0.0;
  EmbeddingsView item_vectors;  // float32 [N, D], rows of L2 norm 1; unused if diversity is 0.
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

// Fills at most `k` places, each item once, from left to right. A place that a channel has a rule
// for goes to that channel. Any other goes to the channel that is furthest behind its share of such
// places so far (ties to the earlier one), among those that may fill it. It puts the best item
// there that is not shown yet. A channel that has filled its quota waits until the others have
// filled theirs or have no more items; the places that are left then go by the same rule. If no
// channel with items may fill a place, one that has not reached its limit does.
//
// Deterministic. REQUIRES: channels ascend and occur once; shares are > 0 and finite; rules are
// valid, and no place is in those of two channels.
std::vector<MergedItem> Merge(std::span<const ChannelCandidates> channels, std::size_t k,
                              const MergeOptions& options = {});

}  // namespace twohop
