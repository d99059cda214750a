// The data of an index: one block of bytes, the same in memory and on disk.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "twohop/ann/int8_kernels.h"
#include "twohop/base/embeddings.h"
#include "twohop/base/file.h"
#include "twohop/base/result.h"
#include "twohop/domain/ids.h"

namespace twohop::ann_internal {

// File format. Little-endian; every section starts at a multiple of 64 bytes, gaps are zeros.
//
//   header         64 bytes, see ImageHeader; its layout is the same in all versions
//   partitions     Partition [partitions], ascending by level1
//   items          uint32 [groups * 16]: the item of each row, kNoItem for a row that fills up
//   factors        float32 [groups * 16]: of each row's codes
//   codes          int8 [groups, ceil(dim / 4), 16, 4], see int8_kernels.h
//   vectors        float32 [items, dim], by item
//
// Version 2 goes on; what needs none of it is written as version 1:
//
//   ids            uint32 [items], ascending: the ItemIndex of each item
//   cells          Cell [cells], by partition
//   center factors float32 [ceil(cells / 16) * 16]
//   center codes   int8 [ceil(cells / 16), ceil(dim / 4), 16, 4]
struct ImageHeader {
  std::array<char, 8> magic;
  std::uint32_t version;
  std::uint32_t dim;
  std::uint64_t items;
  std::uint64_t partitions;
  std::uint64_t groups;
  std::uint64_t bytes;     // Of the whole file.
  std::uint64_t checksum;  // XXH3 of what follows the header, seeded with XXH3 of the header in
                           // which this field is 0.
  std::uint32_t cells;     // 0 in version 1.
  float reach;             // See CellClustering; 0 without cells.
};
static_assert(sizeof(ImageHeader) == 64);

inline constexpr std::uint32_t kNoItem = 0xFFFFFFFFU;

constexpr std::size_t GroupsOf(std::size_t rows) { return (rows + kGroupRows - 1) / kGroupRows; }

// The rows of one level-1 category, ascending by item: groups [first_group, first_group +
// GroupsOf(rows)). With cells, these follow each other instead.
struct Partition {
  std::uint32_t level1;
  std::uint32_t first_group;
  std::uint32_t rows;   // At least 1.
  std::uint32_t cells;  // 0: not divided. Always 0 in version 1.
};

// Rows of a partition that lie near each other, ascending by item: groups [first_group, first_group
// + GroupsOf(rows)).
struct Cell {
  std::uint32_t first_group;
  std::uint32_t rows;  // At least 1.
  float spread;        // Root mean square of a row's distance from the centre, by component.
  std::uint32_t reserved;
};

// A part of memory that starts at a multiple of 64 bytes.
struct alignas(64) CacheLine {
  std::array<char, 64> bytes;
};

// How some partitions are divided.
struct CellClustering {
  // By item: a cell, in an order in which those of one partition follow each other and partitions
  // ascend; kNoItem for an item whose partition is not divided.
  std::vector<std::uint32_t> cell_of_item;
  Embeddings centers;          // [cells, D]
  std::vector<float> spreads;  // [cells]
  // A search leaves out a cell if even center score + reach * spread * |query| is not good enough.
  float reach = 0.0F;
};

struct ImageOptions {
  std::span<const std::uint32_t> ids;  // Strictly ascending, one per item; empty: 0, 1, 2, ...
  const CellClustering* cells = nullptr;
};

// A partition and where its rows lie.
struct PartitionRows {
  std::uint32_t level1 = 0;
  std::size_t first_group = 0;
  std::size_t group_count = 0;
  std::size_t rows = 0;
  std::size_t first_cell = 0;
  std::size_t cell_count = 0;
};

// Immutable, so thread-safe. Neither moves nor copies: the spans point into it. An *item* is a
// position in [0, size()); its id is the ItemIndex that users of the index know.
class IndexImage {
 public:
  // See BuildExactIndex.
  static Result<std::unique_ptr<const IndexImage>> Build(
      EmbeddingsView items, std::span<const Level1Index> partition_of_item,
      const ImageOptions& options = {});
  // See ExactIndex::Load.
  static Result<std::unique_ptr<const IndexImage>> Load(const std::filesystem::path& path);

  IndexImage(const IndexImage&) = delete;
  IndexImage& operator=(const IndexImage&) = delete;

  std::size_t dim() const { return header_.dim; }
  std::size_t size() const { return header_.items; }
  std::size_t quads() const { return QuadsOf(header_.dim); }
  float reach() const { return header_.reach; }
  std::span<const PartitionRows> partitions() const { return partitions_; }
  std::span<const Cell> cells() const { return cells_; }
  std::span<const float> center_factors() const { return center_factors_; }
  std::span<const std::int8_t> center_codes() const { return center_codes_; }
  std::span<const std::uint32_t> items() const { return items_; }
  std::span<const float> factors() const { return factors_; }
  std::span<const std::int8_t> codes() const { return codes_; }
  EmbeddingsView vectors() const { return {vectors_, header_.dim}; }

  // True if the id of every item is the item itself.
  bool is_dense() const { return ids_.empty() || ids_.back() + 1 == ids_.size(); }
  std::uint32_t id_of(std::uint32_t item) const { return ids_.empty() ? item : ids_[item]; }
  std::optional<std::uint32_t> FindItem(std::uint32_t id) const;

  std::string_view bytes() const { return bytes_; }

 private:
  IndexImage() = default;
  void PointInto(std::string_view bytes);
  // Fills partitions_.
  Status CheckStructure();
  Result<PartitionRows> CheckPartition(const Partition& partition, std::size_t group,
                                       std::size_t cell) const;
  Status CheckRows(std::size_t first_group, std::size_t rows) const;

  std::vector<CacheLine> built_;  // One of these two owns the bytes.
  std::optional<MappedFile> mapped_;
  std::string_view bytes_;
  ImageHeader header_{};
  std::span<const Partition> stored_partitions_;
  std::vector<PartitionRows> partitions_;
  std::span<const std::uint32_t> items_;
  std::span<const float> factors_;
  std::span<const std::int8_t> codes_;
  std::span<const float> vectors_;
  std::span<const std::uint32_t> ids_;
  std::span<const Cell> cells_;
  std::span<const float> center_factors_;
  std::span<const std::int8_t> center_codes_;
};

// Errors: those of BuildExactIndex.
Status CheckItems(EmbeddingsView items, std::span<const Level1Index> partition_of_item);

// The checksum that belongs into the header of `bytes`. REQUIRES: there is a whole header.
std::uint64_t ImageChecksum(std::string_view bytes);

}  // namespace twohop::ann_internal
