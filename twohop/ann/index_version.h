// One version of a MutableIndex: images that versions share, and what has been removed from them.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "twohop/ann/ann_index.h"
#include "twohop/ann/index_image.h"
#include "twohop/ann/row_set.h"
#include "twohop/ann/segment_search.h"

namespace twohop::ann_internal {

struct IndexPart {
  std::shared_ptr<const IndexImage> image;
  RowSet removed;  // Items of the image.

  explicit IndexPart(std::shared_ptr<const IndexImage> of)
      : image(std::move(of)), removed(image->size()) {}

  std::size_t live() const { return image->size() - removed.count(); }
  // nullopt if the part has no such item, or no longer.
  std::optional<std::uint32_t> FindLive(std::uint32_t id) const;
};

// Immutable. Thread-safe.
class IndexVersion final : public AnnIndex {
 public:
  // No two parts hold the same id, removed ones apart. REQUIRES: at least one part; all of `dim`.
  IndexVersion(std::vector<IndexPart> parts, std::size_t dim);

  std::size_t size() const override;
  std::size_t dim() const override { return dim_; }
  Result<std::vector<std::vector<Neighbor>>> Search(EmbeddingsView queries,
                                                    const SearchOptions& options) const override;
  Result<std::vector<std::vector<Neighbor>>> SearchExhaustively(
      EmbeddingsView queries, const SearchOptions& options) const override;

  const std::vector<IndexPart>& parts() const { return parts_; }

 private:
  std::vector<Segment> Segments() const;

  std::vector<IndexPart> parts_;
  std::size_t dim_;
};

// Items with their ids, ascending.
struct ItemTable {
  std::vector<std::uint32_t> ids;
  std::vector<Level1Index> level1;
  Embeddings vectors;
};

// All items of the parts that are not removed.
ItemTable CollectLive(std::span<const IndexPart> parts, std::size_t dim);

}  // namespace twohop::ann_internal
