// Exact search: every vector is looked at, first as int8, the best again as f32.

#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "twohop/ann/ann_index.h"
#include "twohop/base/embeddings.h"
#include "twohop/base/result.h"
#include "twohop/domain/ids.h"

namespace twohop {

namespace ann_internal {
class IndexImage;
}  // namespace ann_internal

// Shapes: N items, D components, Q queries.

// Scans all partitions that are not excluded with int8 inner products, keeps twice as many
// candidates as asked for, and ranks these by their f32 inner products. A true neighbour is missed
// only if rounding to int8 pushes it behind that many others. Costs one pass over N * D bytes for
// all queries of a call together.
//
// Immutable. Thread-safe.
class ExactIndex final : public AnnIndex {
 public:
  ~ExactIndex() override;

  // Reads what Save() wrote, or CellIndex::Save(); the file stays mapped as long as the index
  // lives.
  //
  // Errors: kNotFound if there is no such file; kDataLoss if it is damaged or cut; kUnimplemented
  // if a newer version wrote it; kUnavailable if it cannot be read; kFailedPrecondition if its
  // items are not numbered from 0 on, which MutableIndex alone reads.
  static Result<std::unique_ptr<ExactIndex>> Load(const std::filesystem::path& path);

  // Replaces the file in one step. Errors: those of WriteFileAtomically.
  Status Save(const std::filesystem::path& path) const;

  std::size_t size() const override;
  std::size_t dim() const override;
  Result<std::vector<std::vector<Neighbor>>> Search(EmbeddingsView queries,
                                                    const SearchOptions& options) const override;
  Result<std::vector<std::vector<Neighbor>>> SearchExhaustively(
      EmbeddingsView queries, const SearchOptions& options) const override;

  // float32 [N, D]: the vectors as they were given, row i of ItemIndex(i).
  EmbeddingsView vectors() const;

 private:
  friend Result<std::unique_ptr<ExactIndex>> BuildExactIndex(EmbeddingsView,
                                                             std::span<const Level1Index>);
  explicit ExactIndex(std::unique_ptr<const ann_internal::IndexImage> image);

  std::unique_ptr<const ann_internal::IndexImage> image_;
};

// Builds an index over `items` ([N, D], row i of ItemIndex(i)); partition_of_item[i] is the level-1
// category of ItemIndex(i). Copies both. No items at all is fine.
//
// Errors: kInvalidArgument if the sizes differ, D > 65,536, or a component is not finite or beyond
// 1e16 in magnitude (its inner products might overflow); the message names the item.
Result<std::unique_ptr<ExactIndex>> BuildExactIndex(EmbeddingsView items,
                                                    std::span<const Level1Index> partition_of_item);

}  // namespace twohop
