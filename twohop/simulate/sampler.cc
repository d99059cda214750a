#include "twohop/simulate/sampler.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "twohop/base/check.h"

namespace twohop::simulate_internal {

std::size_t Sampler::Draw(Rng& rng) const {
  TWOHOP_DCHECK(total() > 0);
  const auto found = std::ranges::upper_bound(sums_, rng.Uniform() * total());
  const auto index = static_cast<std::size_t>(found - sums_.begin());
  return std::min(index, sums_.size() - 1);  // The product may round up to the total.
}

std::vector<double> ShuffledZipf(std::size_t count, double exponent, Rng& rng) {
  std::vector<double> weights;
  weights.reserve(count);
  for (std::size_t rank = 1; rank <= count; ++rank) {
    weights.push_back(std::pow(static_cast<double>(rank), -exponent));
  }
  rng.Shuffle(std::span<double>(weights));
  return weights;
}

}  // namespace twohop::simulate_internal
