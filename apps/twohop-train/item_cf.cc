#include "apps/twohop-train/item_cf.h"

#include <cmath>
#include <unordered_map>

namespace twohop::app {

ItemCf::ItemCf(std::span<const std::span<const ItemIndex>> users, std::size_t items,
               const ItemCfOptions& options)
    : decay_(options.decay), neighbors_(items), popularity_(items) {
  std::vector<std::unordered_map<std::uint32_t, double>> together(items);
  std::vector<double> clicks(items);
  for (const std::span<const ItemIndex> user : users) {
    const double weight =
        std::pow(std::log(2.0 + static_cast<double>(user.size())), -options.active_discount);
    for (const ItemIndex item : user) {
      ++clicks[item.value()];
      for (const ItemIndex other : user) {
        if (item != other) together[item.value()][other.value()] += weight;
      }
    }
  }
  const auto scale = [&](std::size_t item) {
    return std::pow(clicks[item], -options.popularity_power);
  };
  for (std::size_t item = 0; item < items; ++item) {
    popularity_[item] = static_cast<float>(1e-9 * clicks[item]);
    for (const auto& [other, weight] : together[item]) {
      neighbors_[item].push_back({other, static_cast<float>(weight * scale(item) * scale(other))});
    }
  }
}

std::vector<float> ItemCf::Score(std::span<const ItemIndex> history) const {
  std::vector<float> scores = popularity_;
  double weight = 1;
  for (auto item = history.rbegin(); item != history.rend(); ++item) {
    for (const Neighbor& neighbor : neighbors_[item->value()]) {
      scores[neighbor.item] += static_cast<float>(weight) * neighbor.weight;
    }
    weight *= decay_;
  }
  return scores;
}

}  // namespace twohop::app
