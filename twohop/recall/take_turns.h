// Several ranked lists as one.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "twohop/recall/channel.h"

namespace twohop::recall_internal {

// The best of each list, then the second best of each, and so on: the first `limit` items, each
// once, from the list that reaches it first. So no list fills the answer alone.
std::vector<Candidate> TakeTurns(std::span<const std::vector<Candidate>> lists, std::size_t limit);

}  // namespace twohop::recall_internal
