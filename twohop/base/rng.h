// Random numbers that are the same everywhere.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace twohop {

// xoshiro256** (Blackman and Vigna 2018), seeded through SplitMix64. The standard library's
// distributions differ between implementations, so those here are our own: the same seed gives the
// same numbers on every machine.
//
// Not thread-safe: a generator belongs to one thread. Fork() makes one for another.
class Rng {
 public:
  explicit Rng(std::uint64_t seed);

  std::uint64_t Next();

  // In [0, 1), with 53 random bits.
  double Uniform();

  // In [0, bound), without modulo bias. REQUIRES: bound > 0.
  std::uint64_t Below(std::uint64_t bound);

  // True with this probability; never for 0, always for 1.
  bool Chance(double probability);

  // Mean 0, variance 1 (Box-Muller, one value a call).
  double Normal();

  // Mean 1 / rate. REQUIRES: rate > 0.
  double Exponential(double rate);

  // An index drawn in proportion to its weight. REQUIRES: weights are >= 0 and their sum is > 0.
  std::size_t Weighted(std::span<const double> weights);

  // Fisher-Yates.
  template <typename T>
  void Shuffle(std::span<T> values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[Below(i)]);
  }

  // An independent generator that depends on this one's seed and on the arguments, not on how many
  // numbers were drawn: adding a consumer does not change what the others get.
  Rng Fork(std::string_view purpose, std::uint64_t index = 0) const;

 private:
  std::uint64_t seed_;
  std::array<std::uint64_t, 4> state_;
};

}  // namespace twohop
