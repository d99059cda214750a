#include <algorithm>

#include "twohop/ann/int8_kernels.h"

namespace twohop::ann_internal {
namespace {

void AddQuad(const std::int8_t* rows, const std::int8_t* query, std::int32_t* sums) {
  for (std::size_t row = 0; row < kGroupRows; ++row) {
    const std::int8_t* quad = rows + row * kQuad;
    sums[row] += quad[0] * query[0] + quad[1] * query[1] + quad[2] * query[2] + quad[3] * query[3];
  }
}

}  // namespace

void DotPortable(const std::int8_t* groups, std::size_t group_count, std::size_t quads,
                 const std::int8_t* query, std::int32_t* out) {
  for (std::size_t group = 0; group < group_count; ++group, out += kGroupRows) {
    std::fill_n(out, kGroupRows, 0);
    for (std::size_t quad = 0; quad < quads; ++quad, groups += kQuadBytes) {
      AddQuad(groups, query + quad * kQuad, out);
    }
  }
}

}  // namespace twohop::ann_internal
