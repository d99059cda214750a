#include "twohop/ann/image_layout.h"

#include <cmath>
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
  ids = RoundUp(vectors + header.items * header.dim * sizeof(float));
  cells = center_factors = center_codes = end = ids;
  if (header.version == kPlainVersion) return;
  const std::size_t center_groups = GroupsOf(header.cells);
  cells = RoundUp(ids + header.items * sizeof(std::uint32_t));
  center_factors = RoundUp(cells + header.cells * sizeof(Cell));
  center_codes = RoundUp(center_factors + center_groups * kGroupRows * sizeof(float));
  end = RoundUp(center_codes + center_groups * QuadsOf(header.dim) * kQuadBytes);
}

bool HeaderIsPlausible(const ImageHeader& header) {
  constexpr std::uint64_t kMaxCount = std::numeric_limits<std::uint32_t>::max();
  return header.dim <= kMaxDim && header.items < kMaxCount && header.partitions <= header.items &&
         header.groups <= header.items && header.cells <= header.items &&
         std::isfinite(header.reach) && header.reach >= 0.0F &&
         (header.version != kPlainVersion || (header.cells == 0 && header.reach == 0.0F));
}

}  // namespace twohop::ann_internal
