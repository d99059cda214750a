// How often demands that sound alike call for different things.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "twohop/base/embeddings.h"
#include "twohop/domain/taxonomy.h"

namespace twohop {

// Pairs of demands with a cosine of at least `min_cosine`. A pair is apart if no category is under
// both of its demands, plainly or as a stretch: merging them would be wrong, or one list is too
// short to say. That is why pairs of which both demands have a long list count once more.
struct MergeRow {
  float min_cosine = 0.0F;
  std::size_t pairs = 0;
  std::size_t apart = 0;
  std::size_t long_pairs = 0;  // Of demands that call for kLongList categories and more.
  std::size_t long_apart = 0;
  std::size_t demands = 0;  // Those that are in a pair.
};
inline constexpr std::size_t kLongList = 6;

struct MergedDemand {
  std::vector<CategoryIndex> calls_for;
  std::vector<CategoryIndex> stretch;
};

// A row for each of `cosines`, in their order. Row i of `vectors`, of L2 norm 1, belongs to
// demands[i]. Takes demands.size()^2 / 2 * vectors.dim() multiplications.
//
// REQUIRES: as many vectors as demands.
std::vector<MergeRow> MeasureMerges(std::span<const MergedDemand> demands, EmbeddingsView vectors,
                                    std::span<const float> cosines);

}  // namespace twohop
