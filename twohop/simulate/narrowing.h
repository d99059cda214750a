// Does the feed narrow what users see?

#pragma once

#include <cstddef>
#include <span>

#include "twohop/simulate/community_generator.h"
#include "twohop/simulate/shop.h"
#include "twohop/simulate/user_history.h"

namespace twohop::simulate_internal {

// Gathers FeedNarrowing user by user. First and last twenty are compared, and not weeks, because
// the entropy of a sample grows with its size.
//
// Not thread-safe.
class NarrowingMeter {
 public:
  explicit NarrowingMeter(const Shop& shop) : shop_(shop) {}  // `shop` must outlive this.

  void Add(std::span<const SimulatedEvent> events_of_one_user);

  FeedNarrowing result() const;

 private:
  const Shop& shop_;
  std::size_t users_ = 0;
  double first_bits_ = 0.0;
  double last_bits_ = 0.0;
};

// In bits; 0 for no counts at all.
double Entropy(std::span<const std::size_t> counts);

}  // namespace twohop::simulate_internal
