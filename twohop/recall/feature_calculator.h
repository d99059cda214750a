// The features of items for one user.

#pragma once

#include <span>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/recall/channel.h"
#include "twohop/recall/item_features.h"

namespace twohop::recall_internal {

// One entry for each of `items`, in their order. Costs a tower forward for each interest and a few
// inner products for each item and interest.
//
// Errors: those of the model.
Result<std::vector<ItemFeatures>> CalculateFeatures(const ChannelInput& input,
                                                    std::span<const ItemId> items);

}  // namespace twohop::recall_internal
