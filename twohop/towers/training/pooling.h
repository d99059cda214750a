// Bags of rows as one row each. Internal to training.

#pragma once

#include <cstdint>
#include <vector>

#include <torch/torch.h>

#include "twohop/towers/training/batch_sampler.h"

namespace twohop::towers_internal {

// The mean of the table's rows in each bag; zeros for an empty one. Bag i starts at begin[i].
torch::Tensor MeanOfBags(const torch::Tensor& table, const std::vector<std::int64_t>& indices,
                         const std::vector<std::int64_t>& begin);

// The histories of the batch under attention heads, as TowerDims has it: float32 [B, heads · W] of
// `inputs` [items, W], `query` [heads, W] and `recency` [heads, window]. Zeros for no history.
torch::Tensor AttentionOfBags(const torch::Tensor& inputs, const torch::Tensor& query,
                              const torch::Tensor& recency, const Batch& batch);

}  // namespace twohop::towers_internal
