#include "twohop/base/rng.h"

#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>

#include "twohop/base/check.h"
#include "twohop/base/hash.h"

namespace twohop {
namespace {

std::uint64_t SplitMix64(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

}  // namespace

Rng::Rng(std::uint64_t seed) : seed_(seed), state_{} {
  std::uint64_t s = seed;
  for (auto& word : state_) word = SplitMix64(s);
}

std::uint64_t Rng::Next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Rng::Uniform() { return static_cast<double>(Next() >> 11U) * 0x1.0p-53; }

std::uint64_t Rng::Below(std::uint64_t bound) {
  TWOHOP_DCHECK(bound > 0);
  const std::uint64_t threshold = (0 - bound) % bound;  // Values below it would be favoured.
  std::uint64_t value = Next();
  while (value < threshold) value = Next();
  return value % bound;
}

bool Rng::Chance(double probability) { return Uniform() < probability; }

double Rng::Normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - Uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * Uniform());
}

double Rng::Exponential(double rate) {
  TWOHOP_DCHECK(rate > 0);
  return -std::log(1.0 - Uniform()) / rate;
}

std::size_t Rng::Weighted(std::span<const double> weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  TWOHOP_DCHECK(sum > 0);
  double left = Uniform() * sum;
  std::size_t last_positive = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    last_positive = i;
    left -= weights[i];
    if (left < 0) return i;
  }
  return last_positive;  // Rounding left a remainder.
}

Rng Rng::Fork(std::string_view purpose, std::uint64_t index) const {
  return Rng(Hash64(purpose, seed_) ^ (index * 0x9E3779B97F4A7C15ULL));
}

}  // namespace twohop
