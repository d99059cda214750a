// The search of ExactIndex with a given kernel.

#pragma once

#include <vector>

#include "twohop/ann/ann_index.h"
#include "twohop/ann/index_image.h"
#include "twohop/ann/int8_kernels.h"

namespace twohop::ann_internal {

// See AnnIndex::Search. The result does not depend on the kernel.
Result<std::vector<std::vector<Neighbor>>> SearchExact(const IndexImage& image,
                                                       EmbeddingsView queries,
                                                       const SearchOptions& options,
                                                       const Int8Kernel& kernel);

// The inner product in float32, summed in sixteen lanes: as fast as the machine adds, and the same
// on every machine. REQUIRES: equal sizes.
float LaneDot(std::span<const float> a, std::span<const float> b);

}  // namespace twohop::ann_internal
