#include "twohop/ann/int8_kernels.h"

#if defined(__x86_64__)

#include <algorithm>
#include <cstring>
#include <numeric>

#include <immintrin.h>

#define TWOHOP_VNNI __attribute__((target("avx512f,avx512bw,avx512vnni")))

namespace twohop::ann_internal {
namespace {

// Sums in flight: dpbusd takes five cycles and two can start in each.
constexpr std::size_t kMaxQueries = 8;

TWOHOP_VNNI inline std::int32_t Packed(const std::int8_t* quad) {
  std::int32_t packed = 0;
  std::memcpy(&packed, quad, sizeof(packed));
  return packed;
}

// kGroups groups at once with kQueries queries. VNNI multiplies unsigned by signed bytes: row + 128
// is unsigned, and what that adds, 128 times the query's sum, is taken off at the start. Sums wrap
// and do not saturate (dpbusd, not dpbusds).
template <std::size_t kQueries, std::size_t kGroups>
TWOHOP_VNNI inline void DotBlock(const std::int8_t* groups, std::size_t quads,
                                 const std::int8_t* queries, const std::int32_t* starts,
                                 std::size_t stride, std::int32_t* out) {
  const __m512i flip = _mm512_set1_epi8(-128);  // x ^ 0x80 is x + 128 as unsigned.
  const std::size_t group_bytes = quads * kQuadBytes;
  const std::size_t query_bytes = quads * kQuad;
  __m512i sums[kQueries][kGroups];
  for (std::size_t q = 0; q < kQueries; ++q) {
    for (std::size_t g = 0; g < kGroups; ++g) sums[q][g] = _mm512_set1_epi32(starts[q]);
  }
  for (std::size_t quad = 0; quad < quads; ++quad) {
    __m512i rows[kGroups];
    for (std::size_t g = 0; g < kGroups; ++g) {
      const std::int8_t* at = groups + g * group_bytes + quad * kQuadBytes;
      rows[g] = _mm512_xor_si512(_mm512_loadu_si512(at), flip);
    }
    for (std::size_t q = 0; q < kQueries; ++q) {
      const __m512i factor = _mm512_set1_epi32(Packed(queries + q * query_bytes + quad * kQuad));
      for (std::size_t g = 0; g < kGroups; ++g) {
        sums[q][g] = _mm512_dpbusd_epi32(sums[q][g], rows[g], factor);
      }
    }
  }
  for (std::size_t q = 0; q < kQueries; ++q) {
    for (std::size_t g = 0; g < kGroups; ++g) {
      _mm512_storeu_si512(out + q * stride + g * kGroupRows, sums[q][g]);
    }
  }
}

template <std::size_t kQueries>
TWOHOP_VNNI void DotSome(const std::int8_t* groups, std::size_t group_count, std::size_t quads,
                         const std::int8_t* queries, std::int32_t* out) {
  constexpr std::size_t kGroups = std::max<std::size_t>(1, kMaxQueries / kQueries);
  std::int32_t starts[kQueries];
  for (std::size_t q = 0; q < kQueries; ++q) {
    const std::int8_t* query = queries + q * quads * kQuad;
    starts[q] = -128 * std::accumulate(query, query + quads * kQuad, std::int32_t{0});
  }
  const std::size_t stride = group_count * kGroupRows;
  std::size_t group = 0;
  for (; group + kGroups <= group_count; group += kGroups) {
    DotBlock<kQueries, kGroups>(groups + group * quads * kQuadBytes, quads, queries, starts, stride,
                                out + group * kGroupRows);
  }
  for (; group < group_count; ++group) {
    DotBlock<kQueries, 1>(groups + group * quads * kQuadBytes, quads, queries, starts, stride,
                          out + group * kGroupRows);
  }
}

}  // namespace

void DotAvx512Vnni(const std::int8_t* groups, std::size_t group_count, std::size_t quads,
                   const std::int8_t* queries, std::size_t query_count, std::int32_t* out) {
  using Some =
      void (*)(const std::int8_t*, std::size_t, std::size_t, const std::int8_t*, std::int32_t*);
  constexpr Some kSome[kMaxQueries] = {&DotSome<1>, &DotSome<2>, &DotSome<3>, &DotSome<4>,
                                       &DotSome<5>, &DotSome<6>, &DotSome<7>, &DotSome<8>};
  while (query_count > 0) {
    const std::size_t some = std::min(query_count, kMaxQueries);
    kSome[some - 1](groups, group_count, quads, queries, out);
    query_count -= some;
    queries += some * quads * kQuad;
    out += some * group_count * kGroupRows;
  }
}

__attribute__((target("avx512f"))) std::size_t SelectAvx512(const std::int32_t* dots,
                                                            const float* factors, std::size_t count,
                                                            float threshold, std::uint32_t* rows,
                                                            float* scores) {
  // Plain cvtepi32_ps starts from an undefined register, of which GCC 12 warns.
  constexpr __mmask16 kAll = 0xFFFF;
  const __m512 least = _mm512_set1_ps(threshold);
  const __m512i step = _mm512_set1_epi32(kGroupRows);
  __m512i row = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  std::size_t selected = 0;
  for (std::size_t first = 0; first < count; first += kGroupRows) {
    const __m512 score =
        _mm512_mul_ps(_mm512_maskz_cvtepi32_ps(kAll, _mm512_loadu_si512(dots + first)),
                      _mm512_loadu_ps(factors + first));
    const __mmask16 good = _mm512_cmp_ps_mask(score, least, _CMP_GE_OQ);
    if (good != 0) {
      _mm512_mask_compressstoreu_epi32(rows + selected, good, row);
      _mm512_mask_compressstoreu_ps(scores + selected, good, score);
      selected += static_cast<std::size_t>(__builtin_popcount(good));
    }
    row = _mm512_add_epi32(row, step);
  }
  return selected;
}

}  // namespace twohop::ann_internal

#undef TWOHOP_VNNI

#endif  // defined(__x86_64__)
