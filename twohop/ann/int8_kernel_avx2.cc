#include "twohop/ann/int8_kernels.h"

#if defined(__x86_64__)

#include <algorithm>
#include <cstring>

#include <immintrin.h>

namespace twohop::ann_internal {
namespace {

constexpr std::size_t kHalf = kQuadBytes / 2;
constexpr std::size_t kMaxQueries = 4;  // Their sums fit the sixteen registers.

__attribute__((target("avx2"), always_inline)) inline __m256i LoadHalf(const std::int8_t* at) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

__attribute__((target("avx2"), always_inline)) inline __m256i Broadcast(const std::int8_t* quad) {
  std::int32_t packed = 0;
  std::memcpy(&packed, quad, sizeof(packed));
  return _mm256_set1_epi32(packed);
}

// Eight rows' sums of four products. maddubs wants an unsigned factor and saturates its sums of two
// products at 32,767: |row| * (query with row's sign) is the same product, and two of them reach at
// most 2 * 127 * 127 = 32,258.
__attribute__((target("avx2"), always_inline)) inline __m256i DotQuads(__m256i rows,
                                                                       __m256i query) {
  const __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(rows), _mm256_sign_epi8(query, rows));
  return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

// Rows are read once for all kQueries queries.
template <std::size_t kQueries>
__attribute__((target("avx2"))) void DotSome(const std::int8_t* groups, std::size_t group_count,
                                             std::size_t quads, const std::int8_t* queries,
                                             std::int32_t* out) {
  const std::size_t query_bytes = quads * kQuad;
  const std::size_t stride = group_count * kGroupRows;
  for (std::size_t group = 0; group < group_count; ++group, out += kGroupRows) {
    __m256i low[kQueries];
    __m256i high[kQueries];
    for (std::size_t q = 0; q < kQueries; ++q) low[q] = high[q] = _mm256_setzero_si256();
    for (std::size_t quad = 0; quad < quads; ++quad, groups += kQuadBytes) {
      const __m256i first = LoadHalf(groups);
      const __m256i second = LoadHalf(groups + kHalf);
      for (std::size_t q = 0; q < kQueries; ++q) {
        const __m256i factor = Broadcast(queries + q * query_bytes + quad * kQuad);
        low[q] = _mm256_add_epi32(low[q], DotQuads(first, factor));
        high[q] = _mm256_add_epi32(high[q], DotQuads(second, factor));
      }
    }
    for (std::size_t q = 0; q < kQueries; ++q) {
      std::int32_t* sums = out + q * stride;
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums), low[q]);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums + kGroupRows / 2), high[q]);
    }
  }
}

}  // namespace

void DotAvx2(const std::int8_t* groups, std::size_t group_count, std::size_t quads,
             const std::int8_t* queries, std::size_t query_count, std::int32_t* out) {
  while (query_count > 0) {
    const std::size_t some = std::min(query_count, kMaxQueries);
    if (some == 4) DotSome<4>(groups, group_count, quads, queries, out);
    if (some == 3) DotSome<3>(groups, group_count, quads, queries, out);
    if (some == 2) DotSome<2>(groups, group_count, quads, queries, out);
    if (some == 1) DotSome<1>(groups, group_count, quads, queries, out);
    query_count -= some;
    queries += some * quads * kQuad;
    out += some * group_count * kGroupRows;
  }
}

}  // namespace twohop::ann_internal

#endif  // defined(__x86_64__)
