#include "twohop/simulate/narrowing.h"

#include <cmath>
#include <numeric>
#include <vector>

namespace twohop::simulate_internal {
namespace {

constexpr std::size_t kWindow = 20;

double Level1Entropy(std::span<const Level1Index> shown, std::size_t level1_count) {
  std::vector<std::size_t> counts(level1_count);
  for (const Level1Index level1 : shown) ++counts[level1.value()];
  return Entropy(counts);
}

}  // namespace

double Entropy(std::span<const std::size_t> counts) {
  const auto total =
      static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
  double bits = 0.0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / total;
    bits -= share * std::log2(share);
  }
  return bits;
}

void NarrowingMeter::Add(std::span<const SimulatedEvent> events_of_one_user) {
  std::vector<Level1Index> shown;
  for (const SimulatedEvent& event : events_of_one_user) {
    const bool by_feed = event.shown_by != ShownBy::kSearch;
    if (event.type == EventType::kExposure && by_feed) {
      shown.push_back(shop_.level1_of(event.item));
    }
  }
  if (shown.size() < 2 * kWindow) return;
  const std::span<const Level1Index> all(shown);
  const std::size_t level1_count = shop_.taxonomy().level1_count();
  ++users_;
  first_bits_ += Level1Entropy(all.first(kWindow), level1_count);
  last_bits_ += Level1Entropy(all.last(kWindow), level1_count);
}

FeedNarrowing NarrowingMeter::result() const {
  if (users_ == 0) return {};
  const auto users = static_cast<double>(users_);
  return {users_, first_bits_ / users, last_bits_ / users};
}

}  // namespace twohop::simulate_internal
