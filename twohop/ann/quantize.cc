#include "twohop/ann/quantize.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#include "twohop/ann/int8_kernels.h"
#include "twohop/base/check.h"

namespace twohop::ann_internal {
namespace {

constexpr float kMaxCode = 127.0F;

float MaxMagnitude(std::span<const float> vector) {
  float largest = 0.0F;
  for (const float value : vector) largest = std::max(largest, std::fabs(value));
  return largest;
}

}  // namespace

bool IsSearchable(std::span<const float> vector) {
  // Written so that NaN fails it.
  return std::all_of(vector.begin(), vector.end(),
                     [](float value) { return std::fabs(value) <= kMaxMagnitude; });
}

float Quantize(std::span<const float> vector, std::span<std::int8_t> codes) {
  TWOHOP_DCHECK(codes.size() >= vector.size());
  std::fill(codes.begin(), codes.end(), std::int8_t{0});
  const float factor = MaxMagnitude(vector) / kMaxCode;
  if (factor == 0.0F) return 0.0F;
  for (std::size_t i = 0; i < vector.size(); ++i) {
    // A denormal factor is inexact enough to exceed the range.
    const float code = std::clamp(std::nearbyint(vector[i] / factor), -kMaxCode, kMaxCode);
    codes[i] = static_cast<std::int8_t>(code);
  }
  return factor;
}

void WriteRowCodes(std::span<const std::int8_t> codes, std::int8_t* groups, std::size_t row) {
  const std::size_t quads = codes.size() / kQuad;
  std::int8_t* group = groups + row / kGroupRows * quads * kQuadBytes;
  for (std::size_t quad = 0; quad < quads; ++quad) {
    std::memcpy(group + quad * kQuadBytes + row % kGroupRows * kQuad, codes.data() + quad * kQuad,
                kQuad);
  }
}

}  // namespace twohop::ann_internal
