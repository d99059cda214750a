#include "twohop/base/embeddings.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace twohop {

void Embeddings::Append(std::span<const float> row) {
  if (dim_ == 0) dim_ = row.size();
  TWOHOP_CHECK(row.size() == dim_);
  data_.insert(data_.end(), row.begin(), row.end());
}

float Dot(std::span<const float> a, std::span<const float> b) {
  TWOHOP_DCHECK(a.size() == b.size());
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0F);
}

void NormalizeL2(std::span<float> vector) {
  // In double: squares of floats neither overflow nor vanish there.
  const double square = std::accumulate(vector.begin(), vector.end(), 0.0, [](double sum, float v) {
    return sum + static_cast<double>(v) * static_cast<double>(v);
  });
  if (square == 0.0) return;
  const double scale = 1.0 / std::sqrt(square);
  for (float& value : vector) value = static_cast<float>(value * scale);
}

bool AllFinite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

}  // namespace twohop
