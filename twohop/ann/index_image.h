// The data of an exact index: one block of bytes, the same in memory and on disk.

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

// File format, version 1. Little-endian; every section starts at a multiple of 64 bytes, gaps are
// zeros.
//
//   header         64 bytes, see ImageHeader; its layout is the same in all versions
//   partitions     Partition [partitions], ascending by level1
//   items          uint32 [groups * 16]: the item of each row, kNoItem for a row that fills up
//   factors        float32 [groups * 16]: of each row's codes
//   codes          int8 [groups, ceil(dim / 4), 16, 4], see int8_kernels.h
//   vectors        float32 [items, dim], by item
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
  std::uint64_t reserved;  // 0.
};
static_assert(sizeof(ImageHeader) == 64);

inline constexpr std::uint32_t kNoItem = 0xFFFFFFFFU;

// The rows of one level-1 category: groups [first_group, first_group + ceil(rows / 16)), ascending
// by item.
struct Partition {
  std::uint32_t level1;
  std::uint32_t first_group;
  std::uint32_t rows;  // At least 1.
  std::uint32_t reserved;

  std::size_t group_count() const { return (rows + kGroupRows - 1) / kGroupRows; }
};

// A part of memory that starts at a multiple of 64 bytes.
struct alignas(64) CacheLine {
  std::array<char, 64> bytes;
};

// Immutable, so thread-safe. Neither moves nor copies: the spans point into it.
class IndexImage {
 public:
  // See BuildExactIndex.
  static Result<std::unique_ptr<const IndexImage>> Build(
      EmbeddingsView items, std::span<const Level1Index> partition_of_item);
  // See ExactIndex::Load.
  static Result<std::unique_ptr<const IndexImage>> Load(const std::filesystem::path& path);

  IndexImage(const IndexImage&) = delete;
  IndexImage& operator=(const IndexImage&) = delete;

  std::size_t dim() const { return header_.dim; }
  std::size_t size() const { return header_.items; }
  std::size_t quads() const { return QuadsOf(header_.dim); }
  std::span<const Partition> partitions() const { return partitions_; }
  std::span<const std::uint32_t> items() const { return items_; }
  std::span<const float> factors() const { return factors_; }
  std::span<const std::int8_t> codes() const { return codes_; }
  EmbeddingsView vectors() const { return {vectors_, header_.dim}; }

  std::string_view bytes() const { return bytes_; }

 private:
  IndexImage() = default;
  void PointInto(std::string_view bytes);
  Status CheckStructure() const;

  std::vector<CacheLine> built_;  // One of these two owns the bytes.
  std::optional<MappedFile> mapped_;
  std::string_view bytes_;
  ImageHeader header_{};
  std::span<const Partition> partitions_;
  std::span<const std::uint32_t> items_;
  std::span<const float> factors_;
  std::span<const std::int8_t> codes_;
  std::span<const float> vectors_;
};

// The checksum that belongs into the header of `bytes`. REQUIRES: there is a whole header.
std::uint64_t ImageChecksum(std::string_view bytes);

}  // namespace twohop::ann_internal
