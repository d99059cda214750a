// The search of ExactIndex with a given kernel.

#pragma once

#include <vector>

#include "twohop/ann/segment_search.h"

namespace twohop::ann_internal {

// See AnnIndex::Search. The result does not depend on the kernel.
inline Result<std::vector<std::vector<Neighbor>>> SearchExact(const IndexImage& image,
                                                              EmbeddingsView queries,
                                                              const SearchOptions& options,
                                                              const Int8Kernel& kernel) {
  const Segment segment{&image, nullptr};
  return SearchSegments({&segment, 1}, image.dim(), queries, options, {.kernel = &kernel});
}

}  // namespace twohop::ann_internal
