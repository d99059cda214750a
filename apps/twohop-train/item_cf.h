// Item-to-item collaborative filtering: the baseline that a model has to beat.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twohop/domain/ids.h"

namespace twohop::app {

struct ItemCfOptions {
  // w(i, j) = Σ over users with both of 1 / log(2 + clicks of the user)^active_discount, divided by
  // (clicks of i · clicks of j)^popularity_power: 0.5 is the cosine.
  double popularity_power = 0.5;
  double active_discount = 0;  // 0: every user counts alike.
  // A click counts for decay^age of what the newest does; 1: all alike.
  double decay = 1;
};

// Immutable. Thread-safe.
class ItemCf {
 public:
  // Learns from users' clicks, each item once a user; `items` is the size of the catalogue.
  ItemCf(std::span<const std::span<const ItemIndex>> users, std::size_t items,
         const ItemCfOptions& options);

  // float32 [items]: how much the history, oldest first, speaks for each item. Items of which it
  // says nothing are ordered by their clicks.
  std::vector<float> Score(std::span<const ItemIndex> history) const;

 private:
  struct Neighbor {
    std::uint32_t item = 0;
    float weight = 0;
  };

  double decay_;
  std::vector<std::vector<Neighbor>> neighbors_;  // [items]
  std::vector<float> popularity_;                 // [items], far below any weight.
};

}  // namespace twohop::app
