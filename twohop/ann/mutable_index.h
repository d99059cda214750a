// An index whose items change while it is searched.

#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "twohop/ann/ann_index.h"
#include "twohop/ann/cell_index.h"
#include "twohop/base/embeddings.h"
#include "twohop/base/mutex.h"
#include "twohop/base/result.h"
#include "twohop/base/snapshot.h"
#include "twohop/domain/ids.h"

namespace twohop {

namespace ann_internal {
class IndexVersion;
struct IndexPart;
}  // namespace ann_internal

// Shapes: N items, D components.

// What an item is from now on.
struct ItemChange {
  ItemIndex item;  // Known or new; any number but 0xFFFFFFFF.
  Level1Index level1;
  std::span<const float> vector;  // [D]; borrowed for the call.
};

struct MutableIndexOptions {
  CellIndexOptions cells;  // How the base is built, at first and by Compact().
  // Segments are merged up to this many items. Larger: fewer to search, longer calls of Upsert().
  std::size_t max_segment_items = 4'096;
};

struct MutableIndexStats {
  std::size_t items = 0;          // That can be found.
  std::size_t base_items = 0;     // Of them, in the base.
  std::size_t segments = 0;       // Beside the base.
  std::size_t removed_items = 0;  // Still in memory, found no more.
};

// A base like CellIndex, small segments of what came later, and a mark on what was replaced or
// removed. Each change publishes the next version; segments are merged like the digits of a number
// that counts up, so that a change costs a logarithm of them. A search sees one version, whole, and
// costs some microseconds per thousand changed items more than one of the base; Compact() makes all
// of it the base again.
//
// Keeps nothing on disk by itself. What survives a crash is the image that Save() wrote; after
// Load(), replay the changes since Compact() began. Applying a change again does no harm if order
// is kept, so replay may begin earlier: note the position in your log, Compact(), Save(), and only
// then forget what lies before the position.
//
// Thread-safe. Searches wait for nobody; changes wait for each other, and not for a compaction.
class MutableIndex final : public AnnIndex {
 public:
  ~MutableIndex() override;

  // Reads what Save() of any of our indexes wrote.
  //
  // Errors: those of CellIndex::Load but for kFailedPrecondition; kInvalidArgument if an option is
  // out of its range.
  static Result<std::unique_ptr<MutableIndex>> Load(const std::filesystem::path& path,
                                                    const MutableIndexOptions& options = {});

  // Inserts the items, or replaces their vectors and level-1 categories; of several changes of one
  // item the last counts. All of them or, on an error, none. Copies the vectors. Takes some 20 µs a
  // call of one item on average, and milliseconds now and then, as long as merging
  // `max_segment_items`.
  //
  // Errors: kInvalidArgument if a vector has another dimension or a component is not finite or
  // beyond 1e16 in magnitude, or an item is 0xFFFFFFFF; the message names the item.
  Status Upsert(std::span<const ItemChange> changes);

  // Items that are not there are ignored.
  void Remove(std::span<const ItemIndex> items);

  // Builds a new base of all items and publishes it; takes as long as BuildCellIndex, on the
  // calling thread, which is where the work belongs that others run in the background. Changes and
  // searches go on meanwhile; those changes are segments afterwards.
  //
  // Errors: kFailedPrecondition if another call is under way.
  Status Compact();

  // Writes the base: all items at the time when the last compaction (or the build) began, and no
  // change after it. Replaces the file in one step. Errors: those of WriteFileAtomically.
  Status Save(const std::filesystem::path& path) const;

  // The present version; later changes do not show in it. Costs nothing, but what it holds stays in
  // memory as long as it lives.
  std::shared_ptr<const AnnIndex> Freeze() const;

  std::size_t size() const override;
  std::size_t dim() const override { return dim_; }
  Result<std::vector<std::vector<Neighbor>>> Search(EmbeddingsView queries,
                                                    const SearchOptions& options) const override;
  Result<std::vector<std::vector<Neighbor>>> SearchExhaustively(
      EmbeddingsView queries, const SearchOptions& options) const override;

  MutableIndexStats stats() const;

 private:
  friend Result<std::unique_ptr<MutableIndex>> BuildMutableIndex(EmbeddingsView,
                                                                 std::span<const Level1Index>,
                                                                 const MutableIndexOptions&);
  MutableIndex(std::unique_ptr<const ann_internal::IndexImage> base,
               const MutableIndexOptions& options);

  Status CheckChange(const ItemChange& change) const;
  void Publish(std::vector<ann_internal::IndexPart> parts) TWOHOP_REQUIRES(write_mutex_);
  void MergeLast(std::vector<ann_internal::IndexPart>& parts) TWOHOP_REQUIRES(write_mutex_);
  Result<std::shared_ptr<const ann_internal::IndexVersion>> BeginCompaction();
  void EndCompaction(const ann_internal::IndexVersion& before,
                     std::shared_ptr<const ann_internal::IndexImage> base);
  void AbandonCompaction();

  MutableIndexOptions options_;
  std::size_t dim_;
  Snapshot<ann_internal::IndexVersion> current_;
  Mutex write_mutex_;
  bool compacting_ TWOHOP_GUARDED_BY(write_mutex_) = false;
  // Parts from the first on that must stay as they are: the base, and what is being compacted.
  std::size_t sealed_parts_ TWOHOP_GUARDED_BY(write_mutex_) = 1;
};

// Builds an index over `items` ([N, D], row i of ItemIndex(i)); partition_of_item[i] is the level-1
// category of ItemIndex(i). Copies both. To start without items, pass Embeddings(D).
//
// Errors: those of BuildCellIndex; kInvalidArgument if max_segment_items is 0.
Result<std::unique_ptr<MutableIndex>> BuildMutableIndex(
    EmbeddingsView items, std::span<const Level1Index> partition_of_item,
    const MutableIndexOptions& options = {});

}  // namespace twohop
