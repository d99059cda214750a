#include "twohop/ann/int8_kernels.h"

#if defined(__x86_64__)

#include <cstring>
#include <numeric>

#include <immintrin.h>

namespace twohop::ann_internal {

// VNNI multiplies unsigned by signed bytes: row + 128 is unsigned, and what that adds, 128 times
// the query's sum, is taken off at the start. Sums wrap and do not saturate (dpbusd, not dpbusds).
__attribute__((target("avx512f,avx512bw,avx512vnni"))) void DotAvx512Vnni(const std::int8_t* groups,
                                                                          std::size_t group_count,
                                                                          std::size_t quads,
                                                                          const std::int8_t* query,
                                                                          std::int32_t* out) {
  const std::int32_t query_sum = std::accumulate(query, query + quads * kQuad, std::int32_t{0});
  const __m512i start = _mm512_set1_epi32(-128 * query_sum);
  const __m512i flip = _mm512_set1_epi8(-128);  // x ^ 0x80 is x + 128 as unsigned.
  for (std::size_t group = 0; group < group_count; ++group, out += kGroupRows) {
    __m512i sums = start;
    for (std::size_t quad = 0; quad < quads; ++quad, groups += kQuadBytes) {
      std::int32_t packed = 0;
      std::memcpy(&packed, query + quad * kQuad, sizeof(packed));
      const __m512i rows = _mm512_xor_si512(_mm512_loadu_si512(groups), flip);
      sums = _mm512_dpbusd_epi32(sums, rows, _mm512_set1_epi32(packed));
    }
    _mm512_storeu_si512(out, sums);
  }
}

}  // namespace twohop::ann_internal

#endif  // defined(__x86_64__)
