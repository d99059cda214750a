// How far an item is from the interest that found it.

#pragma once

#include <cstddef>
#include <string>

#include "twohop/recall/channel.h"

namespace twohop::recall_internal {

// 0: the interest's category; 1: the same level 2; 2: farther.
std::size_t Distance(const Catalog& catalog, const LiveInterest& interest, ItemIndex item);

// The path that led to the interest, and the item's category if that is another one.
//
// REQUIRES: candidate.interest is the position of one of input.interests.
std::string InterestReason(const ChannelInput& input, const Candidate& candidate);

}  // namespace twohop::recall_internal
