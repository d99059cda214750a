// Approximate search: large partitions are divided into cells, and the nearest are looked at.

#pragma once

#include <cstddef>
#include <cstdint>
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

// Shapes: N items, D components, Q queries, S sample queries.

struct CellIndexOptions {
  // Partitions with fewer items are scanned whole: there is little to gain.
  std::size_t min_partition_items = 4'096;
  // On average. Fewer: a search looks at fewer items and chooses among more cells.
  std::size_t items_per_cell = 128;
  std::size_t rounds = 6;  // Of k-means; the time of a build grows with it.
  // Mean recall of the k nearest that searches of the sample queries must reach with none, half and
  // nine tenths of the partitions excluded. Higher: more cells are looked at.
  double wanted_recall = 0.99;
  std::size_t k = 100;  // What searches will mostly ask for.
  // float32 [S, D]: queries like those to come; without any, mixes of items are made up. Borrowed
  // for the build.
  EmbeddingsView sample_queries;
  std::size_t samples = 64;  // Of them that are tried, at most.
  std::uint64_t seed = 1;

  // Errors: kInvalidArgument, naming the option.
  Status Validate() const;
};

// What the build measured.
struct CellIndexStats {
  std::size_t cells =
      0;               // 0: no partition is large, or a whole scan is as fast; nothing is divided.
  double reach = 0.0;  // Spreads beyond a cell's centre at which its items are still expected.
};

// Scores the centres of all cells, looks at the cells nearest to a query until none of the others
// is expected to hold a good enough item, and ranks the best by their f32 inner products. How far
// that expectation goes is measured when the index is built. The bar for a cell is what was found
// before, so that a search with many excluded partitions looks at more of the others, and recall
// holds for every filter. Costs a few hundredths of a whole scan for large partitions; where cells
// do not pay, this is a whole scan, like ExactIndex.
//
// Chosen over a graph (HNSW): beside hnswlib a build takes a tenth of the time, a search without a
// filter about as long for a higher recall, and a filter makes it cheaper instead of dearer
// (benchmarks/index).
//
// Immutable. Thread-safe. Results are the same on every machine.
class CellIndex final : public AnnIndex {
 public:
  ~CellIndex() override;

  // Reads what Save() wrote, or ExactIndex::Save(); the file stays mapped as long as the index
  // lives.
  //
  // Errors: kNotFound if there is no such file; kDataLoss if it is damaged or cut; kUnimplemented
  // if a newer version wrote it; kUnavailable if it cannot be read; kFailedPrecondition if its
  // items are not numbered from 0 on, which MutableIndex alone reads.
  static Result<std::unique_ptr<CellIndex>> Load(const std::filesystem::path& path);

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
  CellIndexStats stats() const;

 private:
  friend Result<std::unique_ptr<CellIndex>> BuildCellIndex(EmbeddingsView,
                                                           std::span<const Level1Index>,
                                                           const CellIndexOptions&);
  explicit CellIndex(std::unique_ptr<const ann_internal::IndexImage> image);

  std::unique_ptr<const ann_internal::IndexImage> image_;
};

// Builds an index over `items` ([N, D], row i of ItemIndex(i)); partition_of_item[i] is the level-1
// category of ItemIndex(i). Copies both. Equal input gives an equal index, on every machine. Takes
// some 15 seconds of one core for a million items of 128 components.
//
// Errors: those of BuildExactIndex; kInvalidArgument if an option is out of its range or sample
// queries are not finite or have another dimension.
Result<std::unique_ptr<CellIndex>> BuildCellIndex(EmbeddingsView items,
                                                  std::span<const Level1Index> partition_of_item,
                                                  const CellIndexOptions& options = {});

namespace ann_internal {

// The image of such an index; `ids` as in ImageOptions.
Result<std::unique_ptr<const IndexImage>> BuildCellImage(
    EmbeddingsView items, std::span<const Level1Index> partition_of_item,
    std::span<const std::uint32_t> ids, const CellIndexOptions& options);

}  // namespace ann_internal

}  // namespace twohop
