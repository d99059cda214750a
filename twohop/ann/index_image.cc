#include "twohop/ann/index_image.h"

#include <bit>
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
  if (header.version != kImageVersion) {
    return Unimplemented(fmt::format("index of version {}; this build reads version {}",
                                     header.version, kImageVersion));
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
  partitions_ = Section<Partition>(bytes, layout.partitions, header_.partitions);
  items_ = Section<std::uint32_t>(bytes, layout.items, rows);
  factors_ = Section<float>(bytes, layout.factors, rows);
  codes_ = Section<std::int8_t>(bytes, layout.codes, rows * quads() * kQuad);
  vectors_ = Section<float>(bytes, layout.vectors, header_.items * header_.dim);
}

// What a search relies on to stay within bounds, whoever wrote the file.
Status IndexImage::CheckStructure() const {
  std::size_t group = 0;
  std::size_t rows = 0;
  for (const Partition& partition : partitions_) {
    if (partition.rows == 0 || partition.first_group != group) {
      return DataLoss(fmt::format("partition of level 1 {} is misplaced", partition.level1));
    }
    rows += partition.rows;
    group += partition.group_count();
    if (group > header_.groups) return DataLoss("partitions exceed the rows");
    for (std::size_t row = 0; row < partition.rows; ++row) {
      if (items_[partition.first_group * kGroupRows + row] >= header_.items) {
        return DataLoss("a row belongs to no item");
      }
    }
  }
  if (group != header_.groups || rows != header_.items) {
    return DataLoss("partitions do not cover the items");
  }
  return Ok();
}

}  // namespace twohop::ann_internal
