// Matrix products for training. Internal to training.

#pragma once

#include <torch/torch.h>

namespace twohop::towers_internal {

// a bᵀ for float32 a [M, K] and b [N, K], with gradients for both.
//
// Goes through oneDNN where libtorch has it: Debian's libtorch multiplies matrices with the BLAS
// that happens to be installed, and the one that comes by default takes 34 ms where oneDNN takes
// 0.5 (4096 × 144 × 128 on two cores). libtorch's own oneDNN layer is fast forwards only.
torch::Tensor MatMulTransposed(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace twohop::towers_internal
