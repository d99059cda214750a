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
  const float norm = std::sqrt(Dot(vector, vector));
  if (norm == 0.0F) return;
  for (float& value : vector) value /= norm;
}

bool AllFinite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

}  // namespace twohop
