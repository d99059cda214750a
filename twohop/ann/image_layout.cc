#include "twohop/ann/image_layout.h"

#include <limits>

#include "twohop/ann/quantize.h"

namespace twohop::ann_internal {
namespace {

constexpr std::size_t RoundUp(std::size_t offset) {
  constexpr std::size_t kLine = sizeof(CacheLine);
  return (offset + kLine - 1) / kLine * kLine;
}

}  // namespace

ImageLayout::ImageLayout(const ImageHeader& header) {
  const std::size_t rows = header.groups * kGroupRows;
  items = RoundUp(partitions + header.partitions * sizeof(Partition));
  factors = RoundUp(items + rows * sizeof(std::uint32_t));
  codes = RoundUp(factors + rows * sizeof(float));
  vectors = RoundUp(codes + header.groups * QuadsOf(header.dim) * kQuadBytes);
  end = RoundUp(vectors + header.items * header.dim * sizeof(float));
}

bool HeaderIsPlausible(const ImageHeader& header) {
  constexpr std::uint64_t kMaxCount = std::numeric_limits<std::uint32_t>::max();
  return header.dim <= kMaxDim && header.items < kMaxCount && header.partitions <= header.items &&
         header.groups <= header.items;
}

}  // namespace twohop::ann_internal
