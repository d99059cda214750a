#include "twohop/ann/index_image.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "twohop/ann/image_layout.h"
#include "twohop/base/hash.h"

namespace twohop::ann_internal {
namespace {

static_assert(std::endian::native == std::endian::little, "index files are little-endian");

template <typename T>
std::span<const T> Section(std::string_view bytes, std::size_t offset, std::size_t count) {
  return {reinterpret_cast<const T*>(bytes.data() + offset), count};
}

ImageHeader ReadHeader(std::string_view bytes) {
  ImageHeader header{};
  std::memcpy(&header, bytes.data(), sizeof(header));
  return header;
}

// The version is looked at after the checksum, so that a flipped bit in it is damage.
Status CheckBytes(std::string_view bytes) {
  if (bytes.size() < sizeof(ImageHeader)) {
    return DataLoss(fmt::format("{} bytes are too few for an index", bytes.size()));
  }
  const ImageHeader header = ReadHeader(bytes);
  if (header.magic != kImageMagic) return DataLoss("not an index file");
  if (header.bytes != bytes.size()) {
    return DataLoss(fmt::format("{} bytes instead of {}", bytes.size(), header.bytes));
  }
  if (header.checksum != ImageChecksum(bytes)) return DataLoss("bad checksum");
  if (header.version < kPlainVersion || header.version > kImageVersion) {
    return Unimplemented(fmt::format("index of version {}; this build reads versions {} to {}",
                                     header.version, kPlainVersion, kImageVersion));
  }
  if (!HeaderIsPlausible(header) || ImageLayout(header).end != bytes.size()) {
    return DataLoss("the header's counts do not fit the file");
  }
  return Ok();
}

}  // namespace

std::uint64_t ImageChecksum(std::string_view bytes) {
  ImageHeader header = ReadHeader(bytes);
  header.checksum = 0;
  const std::string_view head(reinterpret_cast<const char*>(&header), sizeof(header));
  return Hash64(bytes.substr(sizeof(header)), Hash64(head));
}

Result<std::unique_ptr<const IndexImage>> IndexImage::Load(const std::filesystem::path& path) {
  auto mapped = MappedFile::Open(path);
  if (!mapped.has_value()) return Annotate(mapped, "index");
  if (const Status checked = CheckBytes(mapped->bytes()); !checked.has_value()) {
    return Annotate(checked, path.string());
  }
  std::unique_ptr<IndexImage> image(new IndexImage);
  image->mapped_ = *std::move(mapped);
  image->PointInto(image->mapped_->bytes());
  if (const Status checked = image->CheckStructure(); !checked.has_value()) {
    return Annotate(checked, path.string());
  }
  return image;
}

void IndexImage::PointInto(std::string_view bytes) {
  bytes_ = bytes;
  header_ = ReadHeader(bytes);
  const ImageLayout layout(header_);
  const std::size_t rows = header_.groups * kGroupRows;
  stored_partitions_ = Section<Partition>(bytes, layout.partitions, header_.partitions);
  items_ = Section<std::uint32_t>(bytes, layout.items, rows);
  factors_ = Section<float>(bytes, layout.factors, rows);
  codes_ = Section<std::int8_t>(bytes, layout.codes, rows * quads() * kQuad);
  vectors_ = Section<float>(bytes, layout.vectors, header_.items * header_.dim);
  if (header_.version == kPlainVersion) return;
  const std::size_t centers = GroupsOf(header_.cells) * kGroupRows;
  ids_ = Section<std::uint32_t>(bytes, layout.ids, header_.items);
  cells_ = Section<Cell>(bytes, layout.cells, header_.cells);
  center_factors_ = Section<float>(bytes, layout.center_factors, centers);
  center_codes_ = Section<std::int8_t>(bytes, layout.center_codes, centers * quads() * kQuad);
}

std::optional<std::uint32_t> IndexImage::FindItem(std::uint32_t id) const {
  if (is_dense()) return id < size() ? std::optional(id) : std::nullopt;
  const auto found = std::lower_bound(ids_.begin(), ids_.end(), id);
  if (found == ids_.end() || *found != id) return std::nullopt;
  return static_cast<std::uint32_t>(found - ids_.begin());
}

// What a search relies on to stay within bounds, whoever wrote the file.
Status IndexImage::CheckStructure() {
  std::size_t group = 0;
  std::size_t rows = 0;
  std::size_t cell = 0;
  for (const Partition& stored : stored_partitions_) {
    TWOHOP_ASSIGN_OR_RETURN(const PartitionRows partition, CheckPartition(stored, group, cell));
    rows += partition.rows;
    group += partition.group_count;
    cell += partition.cell_count;
    partitions_.push_back(partition);
  }
  if (group != header_.groups || rows != header_.items || cell != cells_.size()) {
    return DataLoss("partitions do not cover the items");
  }
  const auto not_ascending = [](std::uint32_t a, std::uint32_t b) { return a >= b; };
  if (std::adjacent_find(ids_.begin(), ids_.end(), not_ascending) != ids_.end() ||
      (!ids_.empty() && ids_.back() == kNoItem)) {
    return DataLoss("the ids of the items do not ascend");
  }
  return Ok();
}

Result<PartitionRows> IndexImage::CheckPartition(const Partition& partition, std::size_t group,
                                                 std::size_t cell) const {
  if (partition.rows == 0 || partition.first_group != group) {
    return DataLoss(fmt::format("partition of level 1 {} is misplaced", partition.level1));
  }
  PartitionRows found{.level1 = partition.level1,
                      .first_group = group,
                      .rows = partition.rows,
                      .first_cell = cell,
                      .cell_count = partition.cells};
  if (partition.cells == 0) {
    found.group_count = GroupsOf(partition.rows);
    TWOHOP_RETURN_IF_ERROR(CheckRows(group, partition.rows));
    return found;
  }
  if (cell + partition.cells > cells_.size()) return DataLoss("partitions exceed the cells");
  std::size_t rows = 0;
  for (const Cell& part : cells_.subspan(cell, partition.cells)) {
    if (part.rows == 0 || part.first_group != group + found.group_count ||
        !(part.spread >= 0.0F && std::isfinite(part.spread))) {
      return DataLoss(fmt::format("a cell of level 1 {} is misplaced", partition.level1));
    }
    TWOHOP_RETURN_IF_ERROR(CheckRows(part.first_group, part.rows));
    found.group_count += GroupsOf(part.rows);
    rows += part.rows;
  }
  if (rows != partition.rows) return DataLoss("cells do not cover their partition");
  return found;
}

Status IndexImage::CheckRows(std::size_t first_group, std::size_t rows) const {
  if (first_group + GroupsOf(rows) > header_.groups) return DataLoss("partitions exceed the rows");
  const auto items = items_.subspan(first_group * kGroupRows, GroupsOf(rows) * kGroupRows);
  for (const std::uint32_t item : items.first(rows)) {
    if (item >= header_.items) return DataLoss("a row belongs to no item");
  }
  for (const std::uint32_t item : items.subspan(rows)) {
    if (item != kNoItem) return DataLoss("partitions do not cover the items");
  }
  return Ok();
}

}  // namespace twohop::ann_internal
