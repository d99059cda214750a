// Divides large partitions into cells of items that lie near each other.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "twohop/ann/index_image.h"
#include "twohop/base/embeddings.h"
#include "twohop/domain/ids.h"

namespace twohop::ann_internal {

struct ClusteringOptions {
  std::size_t rows_per_cell = 128;  // On average. Fewer: less to look at, more to choose from.
  std::size_t min_rows = 4'096;     // Smaller partitions are not divided.
  std::size_t rounds = 6;           // Of Lloyd's algorithm.
  std::uint64_t seed = 1;
};

// k-means (Lloyd) in every partition of at least `min_rows` items, from random items on. Items are
// assigned by int8 inner products, centres are means in double precision: the same input gives the
// same cells whatever the processor. `reach` is left at 0. Takes O(rows * cells * D) a partition
// and round: some ten seconds for a million items of 128 components.
//
// REQUIRES: equal sizes; every row is searchable.
CellClustering ClusterPartitions(EmbeddingsView items,
                                 std::span<const Level1Index> partition_of_item,
                                 const ClusteringOptions& options);

}  // namespace twohop::ann_internal
