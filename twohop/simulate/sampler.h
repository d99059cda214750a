// Drawing from a fixed distribution many times.

#pragma once

#include <cstddef>
#include <vector>

#include "twohop/base/rng.h"

namespace twohop::simulate_internal {

// Draws indices in proportion to their weights, in O(log n).
//
// Thread-compatible.
class Sampler {
 public:
  // The next index gets this weight. REQUIRES: weight >= 0.
  void Add(double weight) { sums_.push_back(total() + weight); }

  std::size_t size() const { return sums_.size(); }
  double total() const { return sums_.empty() ? 0.0 : sums_.back(); }

  // REQUIRES: total() > 0.
  std::size_t Draw(Rng& rng) const;

 private:
  std::vector<double> sums_;  // sums_[i] is the sum of the weights of [0, i].
};

// `count` weights 1 / rank^exponent, in random order.
std::vector<double> ShuffledZipf(std::size_t count, double exponent, Rng& rng);

}  // namespace twohop::simulate_internal
