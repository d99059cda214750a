#include <algorithm>
#include <array>

#include "twohop/ann/int8_kernels.h"

namespace twohop::ann_internal {
namespace {

void AddQuad(const std::int8_t* rows, const std::int8_t* query, std::int32_t* sums) {
  for (std::size_t row = 0; row < kGroupRows; ++row) {
    const std::int8_t* quad = rows + row * kQuad;
    sums[row] += quad[0] * query[0] + quad[1] * query[1] + quad[2] * query[2] + quad[3] * query[3];
  }
}

void DotOne(const std::int8_t* groups, std::size_t group_count, std::size_t quads,
            const std::int8_t* query, std::int32_t* out) {
  for (std::size_t group = 0; group < group_count; ++group, out += kGroupRows) {
    std::fill_n(out, kGroupRows, 0);
    for (std::size_t quad = 0; quad < quads; ++quad, groups += kQuadBytes) {
      AddQuad(groups, query + quad * kQuad, out);
    }
  }
}

}  // namespace

void DotPortable(const std::int8_t* groups, std::size_t group_count, std::size_t quads,
                 const std::int8_t* queries, std::size_t query_count, std::int32_t* out) {
  for (std::size_t query = 0; query < query_count; ++query) {
    DotOne(groups, group_count, quads, queries + query * quads * kQuad,
           out + query * group_count * kGroupRows);
  }
}

std::size_t SelectPortable(const std::int32_t* dots, const float* factors, std::size_t count,
                           float threshold, std::uint32_t* rows, float* scores) {
  std::size_t selected = 0;
  for (std::size_t first = 0; first < count; first += kGroupRows) {
    std::array<float, kGroupRows> group;
    for (std::size_t row = 0; row < kGroupRows; ++row) {
      group[row] = static_cast<float>(dots[first + row]) * factors[first + row];
    }
    int good = 0;  // Apart from the loop above, so that compilers vectorise both.
    for (const float score : group) good |= score >= threshold ? -1 : 0;
    if (good == 0) continue;
    // Without a branch, which would be mispredicted while the threshold rises.
    for (std::size_t row = 0; row < kGroupRows; ++row) {
      rows[selected] = static_cast<std::uint32_t>(first + row);
      scores[selected] = group[row];
      selected += static_cast<std::size_t>(group[row] >= threshold);
    }
  }
  return selected;
}

}  // namespace twohop::ann_internal
