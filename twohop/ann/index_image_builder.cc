#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "twohop/ann/image_layout.h"
#include "twohop/ann/index_image.h"
#include "twohop/ann/quantize.h"

namespace twohop::ann_internal {
namespace {

Status CheckItems(EmbeddingsView items, std::span<const Level1Index> partition_of_item) {
  if (items.rows() != partition_of_item.size()) {
    return InvalidArgument(fmt::format("{} vectors but {} partitions given for them", items.rows(),
                                       partition_of_item.size()));
  }
  if (items.dim() > kMaxDim) {
    return InvalidArgument(fmt::format("{} components are more than {}", items.dim(), kMaxDim));
  }
  if (items.rows() >= std::numeric_limits<std::uint32_t>::max()) {
    return InvalidArgument(fmt::format("{} items are too many", items.rows()));
  }
  for (std::size_t item = 0; item < items.rows(); ++item) {
    if (!IsSearchable(items.row(item))) {
      return InvalidArgument(fmt::format("the vector of item {} is not finite or too large", item));
    }
  }
  return Ok();
}

std::vector<std::uint32_t> ByPartition(std::span<const Level1Index> partition_of_item) {
  std::vector<std::uint32_t> order(partition_of_item.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return partition_of_item[a] < partition_of_item[b];
  });
  return order;
}

// `order` cut where the level-1 category changes.
std::vector<Partition> MakePartitions(std::span<const std::uint32_t> order,
                                      std::span<const Level1Index> partition_of_item) {
  std::vector<Partition> partitions;
  std::uint32_t next_group = 0;
  for (const std::uint32_t item : order) {
    const std::uint32_t level1 = partition_of_item[item].value();
    if (partitions.empty() || partitions.back().level1 != level1) {
      if (!partitions.empty()) {
        next_group += static_cast<std::uint32_t>(partitions.back().group_count());
      }
      partitions.push_back({level1, next_group, 0, 0});
    }
    ++partitions.back().rows;
  }
  return partitions;
}

ImageHeader MakeHeader(EmbeddingsView items, std::span<const Partition> partitions) {
  ImageHeader header{};
  header.magic = kImageMagic;
  header.version = kImageVersion;
  header.dim = static_cast<std::uint32_t>(items.dim());
  header.items = items.rows();
  header.partitions = partitions.size();
  for (const Partition& partition : partitions) header.groups += partition.group_count();
  header.bytes = ImageLayout(header).end;
  return header;
}

// The same image, under construction.
class ImageWriter {
 public:
  ImageWriter(char* base, const ImageHeader& header) : layout_(header), base_(base) {
    quads_ = QuadsOf(header.dim);
    codes_.resize(quads_ * kQuad);
    std::fill_n(At<std::uint32_t>(layout_.items), header.groups * kGroupRows, kNoItem);
  }

  void WritePartitions(std::span<const Partition> partitions) {
    std::copy(partitions.begin(), partitions.end(), At<Partition>(layout_.partitions));
  }

  void WriteRow(std::size_t row, std::uint32_t item, std::span<const float> vector) {
    At<std::uint32_t>(layout_.items)[row] = item;
    At<float>(layout_.factors)[row] = Quantize(vector, codes_);
    auto* group = At<std::int8_t>(layout_.codes) + row / kGroupRows * quads_ * kQuadBytes;
    for (std::size_t quad = 0; quad < quads_; ++quad) {
      std::memcpy(group + quad * kQuadBytes + row % kGroupRows * kQuad,
                  codes_.data() + quad * kQuad, kQuad);
    }
  }

  void WriteVectors(std::span<const float> values) {
    std::copy(values.begin(), values.end(), At<float>(layout_.vectors));
  }

 private:
  template <typename T>
  T* At(std::size_t offset) {
    return reinterpret_cast<T*>(base_ + offset);
  }

  ImageLayout layout_;
  char* base_;
  std::size_t quads_ = 0;
  std::vector<std::int8_t> codes_;
};

}  // namespace

Result<std::unique_ptr<const IndexImage>> IndexImage::Build(
    EmbeddingsView items, std::span<const Level1Index> partition_of_item) {
  TWOHOP_RETURN_IF_ERROR(CheckItems(items, partition_of_item));
  const std::vector<std::uint32_t> order = ByPartition(partition_of_item);
  const std::vector<Partition> partitions = MakePartitions(order, partition_of_item);
  ImageHeader header = MakeHeader(items, partitions);

  std::unique_ptr<IndexImage> image(new IndexImage);
  image->built_.resize(header.bytes / sizeof(CacheLine));
  char* base = image->built_.front().bytes.data();
  ImageWriter writer(base, header);
  writer.WritePartitions(partitions);
  writer.WriteVectors(items.data());
  std::size_t next = 0;
  for (const Partition& partition : partitions) {
    for (std::size_t row = 0; row < partition.rows; ++row) {
      const std::uint32_t item = order[next++];
      writer.WriteRow(partition.first_group * kGroupRows + row, item, items.row(item));
    }
  }
  std::memcpy(base, &header, sizeof(header));
  header.checksum = ImageChecksum({base, header.bytes});
  std::memcpy(base, &header, sizeof(header));
  image->PointInto({base, header.bytes});
  return image;
}

}  // namespace twohop::ann_internal
