// The clicked items that channels go by.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "twohop/domain/ids.h"

namespace twohop::recall_internal {

// The first `limit` different items of `history`, in its order.
std::vector<ItemIndex> NewestClicked(std::span<const ItemIndex> history, std::size_t limit);

}  // namespace twohop::recall_internal
