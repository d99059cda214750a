#include "twohop/ann/mutable_index.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "twohop/ann/index_image.h"
#include "twohop/ann/index_version.h"
#include "twohop/ann/quantize.h"
#include "twohop/base/check.h"
#include "twohop/base/file.h"

namespace twohop {

using ann_internal::IndexImage;
using ann_internal::IndexPart;
using ann_internal::IndexVersion;
using ann_internal::ItemTable;
using ann_internal::kNoItem;

namespace {

std::shared_ptr<const IndexVersion> FirstVersion(std::unique_ptr<const IndexImage> base) {
  const std::size_t dim = base->dim();
  return std::make_shared<const IndexVersion>(std::vector<IndexPart>{IndexPart(std::move(base))},
                                              dim);
}

Status Validate(const MutableIndexOptions& options) {
  if (options.max_segment_items == 0) return InvalidArgument("max_segment_items is 0");
  return options.cells.Validate();
}

// Ascending by item; of several changes of one the last.
ItemTable TableOf(std::span<const ItemChange> changes, std::size_t dim) {
  std::vector<const ItemChange*> order;
  for (const ItemChange& change : changes) order.push_back(&change);
  std::stable_sort(order.begin(), order.end(),
                   [](const ItemChange* a, const ItemChange* b) { return a->item < b->item; });
  ItemTable table{.ids = {}, .level1 = {}, .vectors = Embeddings(dim)};
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i + 1 < order.size() && order[i + 1]->item == order[i]->item) continue;
    table.ids.push_back(order[i]->item.value());
    table.level1.push_back(order[i]->level1);
    table.vectors.Append(order[i]->vector);
  }
  return table;
}

// REQUIRES: every vector is searchable, as all are that got this far.
IndexPart SegmentOf(const ItemTable& table) {
  auto image = IndexImage::Build(table.vectors, table.level1, {.ids = table.ids});
  TWOHOP_CHECK(image.has_value());
  return IndexPart(*std::move(image));
}

void RemoveFrom(std::vector<IndexPart>& parts, std::uint32_t id) {
  for (IndexPart& part : parts) {
    if (const auto item = part.FindLive(id); item.has_value()) {
      part.removed.Insert(*item);
      return;  // No other part holds it.
    }
  }
}

}  // namespace

MutableIndex::MutableIndex(std::unique_ptr<const IndexImage> base,
                           const MutableIndexOptions& options)
    : options_(options), dim_(base->dim()), current_(FirstVersion(std::move(base))) {
  options_.cells.sample_queries = {};  // Borrowed for the build alone.
}

MutableIndex::~MutableIndex() = default;

Result<std::unique_ptr<MutableIndex>> MutableIndex::Load(const std::filesystem::path& path,
                                                         const MutableIndexOptions& options) {
  TWOHOP_RETURN_IF_ERROR(Validate(options));
  TWOHOP_ASSIGN_OR_RETURN(auto image, IndexImage::Load(path));
  return std::unique_ptr<MutableIndex>(new MutableIndex(std::move(image), options));
}

Result<std::unique_ptr<MutableIndex>> BuildMutableIndex(
    EmbeddingsView items, std::span<const Level1Index> partition_of_item,
    const MutableIndexOptions& options) {
  TWOHOP_RETURN_IF_ERROR(Validate(options));
  TWOHOP_ASSIGN_OR_RETURN(
      auto image, ann_internal::BuildCellImage(items, partition_of_item, {}, options.cells));
  return std::unique_ptr<MutableIndex>(new MutableIndex(std::move(image), options));
}

Status MutableIndex::CheckChange(const ItemChange& change) const {
  if (change.item.value() == kNoItem) return InvalidArgument("0xFFFFFFFF is not an item");
  if (change.vector.size() != dim_) {
    return InvalidArgument(fmt::format("the vector of item {} has {} components, the index {}",
                                       change.item.value(), change.vector.size(), dim_));
  }
  if (!ann_internal::IsSearchable(change.vector)) {
    return InvalidArgument(
        fmt::format("the vector of item {} is not finite or too large", change.item.value()));
  }
  return Ok();
}

Status MutableIndex::Upsert(std::span<const ItemChange> changes) {
  for (const ItemChange& change : changes) TWOHOP_RETURN_IF_ERROR(CheckChange(change));
  if (changes.empty()) return Ok();
  const ItemTable table = TableOf(changes, dim_);
  IndexPart segment = SegmentOf(table);
  MutexLock lock(write_mutex_);
  std::vector<IndexPart> parts = current_.Get()->parts();
  for (const std::uint32_t id : table.ids) RemoveFrom(parts, id);
  parts.push_back(std::move(segment));
  Publish(std::move(parts));
  return Ok();
}

void MutableIndex::Remove(std::span<const ItemIndex> items) {
  MutexLock lock(write_mutex_);
  std::vector<IndexPart> parts = current_.Get()->parts();
  for (const ItemIndex item : items) RemoveFrom(parts, item.value());
  Publish(std::move(parts));
}

void MutableIndex::Publish(std::vector<IndexPart> parts) {
  const auto first = parts.begin() + static_cast<std::ptrdiff_t>(sealed_parts_);
  parts.erase(
      std::remove_if(first, parts.end(), [](const IndexPart& part) { return part.live() == 0; }),
      parts.end());
  MergeLast(parts);
  current_.Publish(std::make_shared<const IndexVersion>(std::move(parts), dim_));
}

// Segments fall in size by half at least, so there are few of them and an item is copied once for
// each doubling.
void MutableIndex::MergeLast(std::vector<IndexPart>& parts) {
  while (parts.size() >= sealed_parts_ + 2) {
    const auto last_two = std::span(parts).last(2);
    const std::size_t larger = last_two[0].live();
    const std::size_t smaller = last_two[1].live();
    if (larger >= 2 * smaller || larger + smaller > options_.max_segment_items) return;
    IndexPart merged = SegmentOf(CollectLive(last_two, dim_));
    parts.pop_back();
    parts.back() = std::move(merged);
  }
}

Status MutableIndex::Compact() {
  TWOHOP_ASSIGN_OR_RETURN(const auto before, BeginCompaction());
  const ItemTable table = ann_internal::CollectLive(before->parts(), dim_);
  auto base = ann_internal::BuildCellImage(table.vectors, table.level1, table.ids, options_.cells);
  if (!base.has_value()) {
    AbandonCompaction();
    return tl::unexpected<Error>(base.error());
  }
  EndCompaction(*before, *std::move(base));
  return Ok();
}

Result<std::shared_ptr<const IndexVersion>> MutableIndex::BeginCompaction() {
  MutexLock lock(write_mutex_);
  if (compacting_) return FailedPrecondition("a compaction is under way");
  compacting_ = true;
  auto before = current_.Get();
  sealed_parts_ = before->parts().size();
  return before;
}

// What was removed from the compacted parts meanwhile is removed from the new base.
void MutableIndex::EndCompaction(const IndexVersion& before,
                                 std::shared_ptr<const IndexImage> base) {
  MutexLock lock(write_mutex_);
  const auto now = current_.Get();
  std::vector<IndexPart> parts = {IndexPart(std::move(base))};
  for (std::size_t i = 0; i < sealed_parts_; ++i) {
    const IndexPart& then = before.parts()[i];
    const IndexPart& part = now->parts()[i];
    if (part.removed.count() == then.removed.count()) continue;
    for (std::uint32_t item = 0; item < part.image->size(); ++item) {
      if (part.removed.Contains(item) && !then.removed.Contains(item)) {
        RemoveFrom(parts, part.image->id_of(item));
      }
    }
  }
  parts.insert(parts.end(), now->parts().begin() + static_cast<std::ptrdiff_t>(sealed_parts_),
               now->parts().end());
  compacting_ = false;
  sealed_parts_ = 1;
  Publish(std::move(parts));
}

void MutableIndex::AbandonCompaction() {
  MutexLock lock(write_mutex_);
  compacting_ = false;
  sealed_parts_ = 1;
}

Status MutableIndex::Save(const std::filesystem::path& path) const {
  const auto version = current_.Get();
  return WriteFileAtomically(path, version->parts().front().image->bytes());
}

std::shared_ptr<const AnnIndex> MutableIndex::Freeze() const { return current_.Get(); }

std::size_t MutableIndex::size() const { return current_.Get()->size(); }

Result<std::vector<std::vector<Neighbor>>> MutableIndex::Search(
    EmbeddingsView queries, const SearchOptions& options) const {
  return current_.Get()->Search(queries, options);
}

Result<std::vector<std::vector<Neighbor>>> MutableIndex::SearchExhaustively(
    EmbeddingsView queries, const SearchOptions& options) const {
  return current_.Get()->SearchExhaustively(queries, options);
}

MutableIndexStats MutableIndex::stats() const {
  const auto version = current_.Get();
  MutableIndexStats stats{.base_items = version->parts().front().live(),
                          .segments = version->parts().size() - 1};
  for (const IndexPart& part : version->parts()) {
    stats.items += part.live();
    stats.removed_items += part.removed.count();
  }
  return stats;
}

}  // namespace twohop
