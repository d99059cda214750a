// Nearest items to a vector.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "twohop/base/embeddings.h"
#include "twohop/base/result.h"
#include "twohop/domain/ids.h"

namespace twohop {

struct Neighbor {
  ItemIndex item;
  float score = 0.0F;  // Inner product with the query; larger is nearer.

  friend bool operator==(const Neighbor&, const Neighbor&) = default;
};

struct SearchOptions {
  std::size_t k = 100;  // Results per query.

  // Level-1 categories whose items are not searched at all: their partitions are skipped, so that
  // leaving out more costs less. Order and repeats do not matter.
  std::span<const Level1Index> excluded;
};

// An index over item vectors, partitioned by level-1 category. Immutable but for MutableIndex: to
// change the item set of others, build a new index and publish it in a Snapshot.
//
// Thread-safe: const methods wait for nobody.
class AnnIndex {
 public:
  virtual ~AnnIndex() = default;

  virtual std::size_t size() const = 0;
  virtual std::size_t dim() const = 0;

  // Returns for each row of `queries` ([Q, dim()]) the min(k, searched items) best items found,
  // best first; equal scores are ordered by ascending item, so that results are reproducible. All
  // queries are answered in one pass over the data. Which items are found may be approximate; the
  // scores are exact inner products of the f32 vectors.
  //
  // Errors: kInvalidArgument if queries.dim() != dim(), k == 0, or a component is not finite.
  virtual Result<std::vector<std::vector<Neighbor>>> Search(EmbeddingsView queries,
                                                            const SearchOptions& options) const = 0;

  // The same by the f32 inner products of all items that may be found: what Search is measured
  // against (RecallMonitor). Takes tens of times as long.
  //
  // Errors: those of Search; kUnimplemented if the index cannot.
  virtual Result<std::vector<std::vector<Neighbor>>> SearchExhaustively(
      EmbeddingsView queries, const SearchOptions& options) const;
};

}  // namespace twohop
