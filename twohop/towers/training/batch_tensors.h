// Numbers of a batch as tensors. Internal to training.

#pragma once

#include <cstdint>
#include <vector>

#include <torch/torch.h>

namespace twohop::towers_internal {

// Borrows the vector's memory, which autograd reads again in backward(): the vector must still
// live.
inline torch::Tensor Integers(const std::vector<std::int64_t>& values) {
  return torch::from_blob(const_cast<std::int64_t*>(values.data()),
                          {static_cast<std::int64_t>(values.size())}, torch::kInt64);
}

inline torch::Tensor Floats(const std::vector<float>& values) {
  return torch::from_blob(const_cast<float*>(values.data()),
                          {static_cast<std::int64_t>(values.size())}, torch::kFloat32);
}

}  // namespace twohop::towers_internal
