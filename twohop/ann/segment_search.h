// The search of all our indexes: over one image or several, whole or by cells, with a given kernel.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twohop/ann/ann_index.h"
#include "twohop/ann/index_image.h"
#include "twohop/ann/int8_kernels.h"
#include "twohop/ann/row_set.h"

namespace twohop::ann_internal {

// A part of an index. No two parts of one hold the same id, removed items apart.
struct Segment {
  const IndexImage* image = nullptr;
  const RowSet* removed = nullptr;  // Items of the image that are not there any more; may be null.
};

// What a search looked at, all queries together.
struct ScanCost {
  std::size_t rows = 0;
  std::size_t cells = 0;  // Whose rows were looked at.
};

struct ScanPlan {
  const Int8Kernel* kernel = &BestKernel();
  // With it, divided partitions are searched by cells, nearest first, until no cell's reach is good
  // enough; else every row is looked at.
  bool by_cells = false;
  // Instead of the images' own; negative: that.
  float reach = -1.0F;
  ScanCost* cost = nullptr;  // Added to; may be null.
};

// See AnnIndex::Search. The result does not depend on the kernel.
Result<std::vector<std::vector<Neighbor>>> SearchSegments(std::span<const Segment> segments,
                                                          std::size_t dim, EmbeddingsView queries,
                                                          const SearchOptions& options,
                                                          const ScanPlan& plan);

// The same by f32 inner products of every row: what SearchSegments is measured against. Takes some
// ten times as long as a scan of the codes.
Result<std::vector<std::vector<Neighbor>>> SearchExhaustively(std::span<const Segment> segments,
                                                              std::size_t dim,
                                                              EmbeddingsView queries,
                                                              const SearchOptions& options);

// Of `expected`, the share that `found` holds; 1 if nothing was to be found.
double RecallOf(std::span<const Neighbor> expected, std::span<const Neighbor> found);

// The inner product in float32, summed in sixteen lanes: as fast as the machine adds, and the same
// on every machine. REQUIRES: equal sizes.
float LaneDot(std::span<const float> a, std::span<const float> b);

}  // namespace twohop::ann_internal
