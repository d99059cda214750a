#include "twohop/ann/index_version.h"

#include <algorithm>
#include <utility>

#include "twohop/base/check.h"

namespace twohop::ann_internal {
namespace {

struct LiveItem {
  std::uint32_t id = 0;
  std::uint32_t level1 = 0;
  std::span<const float> vector;
};

void AppendLive(const IndexPart& part, std::vector<LiveItem>& items) {
  const IndexImage& image = *part.image;
  for (const PartitionRows& partition : image.partitions()) {
    for (const std::uint32_t item : image.items().subspan(partition.first_group * kGroupRows,
                                                          partition.group_count * kGroupRows)) {
      if (item == kNoItem || part.removed.Contains(item)) continue;
      items.push_back({image.id_of(item), partition.level1, image.vectors().row(item)});
    }
  }
}

}  // namespace

std::optional<std::uint32_t> IndexPart::FindLive(std::uint32_t id) const {
  const auto item = image->FindItem(id);
  if (!item.has_value() || removed.Contains(*item)) return std::nullopt;
  return item;
}

IndexVersion::IndexVersion(std::vector<IndexPart> parts, std::size_t dim)
    : parts_(std::move(parts)), dim_(dim) {
  TWOHOP_CHECK(!parts_.empty());
}

std::size_t IndexVersion::size() const {
  std::size_t size = 0;
  for (const IndexPart& part : parts_) size += part.live();
  return size;
}

std::vector<Segment> IndexVersion::Segments() const {
  std::vector<Segment> segments;
  for (const IndexPart& part : parts_) {
    segments.push_back({part.image.get(), part.removed.count() == 0 ? nullptr : &part.removed});
  }
  return segments;
}

Result<std::vector<std::vector<Neighbor>>> IndexVersion::Search(
    EmbeddingsView queries, const SearchOptions& options) const {
  return SearchSegments(Segments(), dim_, queries, options, {.by_cells = true});
}

Result<std::vector<std::vector<Neighbor>>> IndexVersion::SearchExhaustively(
    EmbeddingsView queries, const SearchOptions& options) const {
  return ann_internal::SearchExhaustively(Segments(), dim_, queries, options);
}

ItemTable CollectLive(std::span<const IndexPart> parts, std::size_t dim) {
  std::vector<LiveItem> items;
  for (const IndexPart& part : parts) AppendLive(part, items);
  std::sort(items.begin(), items.end(),
            [](const LiveItem& a, const LiveItem& b) { return a.id < b.id; });
  ItemTable table{.ids = {}, .level1 = {}, .vectors = Embeddings(items.size(), dim)};
  for (std::size_t i = 0; i < items.size(); ++i) {
    table.ids.push_back(items[i].id);
    table.level1.emplace_back(items[i].level1);
    std::copy(items[i].vector.begin(), items[i].vector.end(), table.vectors.mutable_row(i).begin());
  }
  return table;
}

}  // namespace twohop::ann_internal
