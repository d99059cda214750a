#include "twohop/ann/int8_kernels.h"

#if defined(__x86_64__)

#include <cstring>

#include <immintrin.h>

namespace twohop::ann_internal {
namespace {

__attribute__((target("avx2"), always_inline)) inline __m256i LoadHalf(const std::int8_t* at) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

// Eight rows' sums of four products. maddubs wants an unsigned factor and saturates its sums of two
// products at 32,767: |row| * (query with row's sign) is the same product, and two of them reach at
// most 2 * 127 * 127 = 32,258.
__attribute__((target("avx2"), always_inline)) inline __m256i DotQuads(__m256i rows,
                                                                       __m256i query) {
  const __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(rows), _mm256_sign_epi8(query, rows));
  return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

}  // namespace

__attribute__((target("avx2"))) void DotAvx2(const std::int8_t* groups, std::size_t group_count,
                                             std::size_t quads, const std::int8_t* query,
                                             std::int32_t* out) {
  constexpr std::size_t kHalf = kQuadBytes / 2;
  for (std::size_t group = 0; group < group_count; ++group, out += kGroupRows) {
    __m256i low = _mm256_setzero_si256();
    __m256i high = _mm256_setzero_si256();
    for (std::size_t quad = 0; quad < quads; ++quad, groups += kQuadBytes) {
      std::int32_t packed = 0;
      std::memcpy(&packed, query + quad * kQuad, sizeof(packed));
      const __m256i factor = _mm256_set1_epi32(packed);
      low = _mm256_add_epi32(low, DotQuads(LoadHalf(groups), factor));
      high = _mm256_add_epi32(high, DotQuads(LoadHalf(groups + kHalf), factor));
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), low);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + kGroupRows / 2), high);
  }
}

}  // namespace twohop::ann_internal

#endif  // defined(__x86_64__)
