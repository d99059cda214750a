// The feed that a simulated user is shown: a recommender that learns from its own exposures.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "twohop/base/rng.h"
#include "twohop/simulate/shop.h"

namespace twohop::simulate_internal {

// Stands in Event::channel. Stored as a byte, hence small.
enum class ShownBy : std::uint8_t { kFeed, kExplore, kSearch };
std::string_view ShownByName(ShownBy shown_by);  // "feed", "explore", "search"

struct Shown {
  ItemIndex item;
  ShownBy by = ShownBy::kFeed;
};

// Scores a category by clicks(category) + smoothing * prior(category) and draws in proportion to
// it, so every click makes more of the same more likely: a feedback loop. The prior knows the
// level-1 categories that the user ticked when signing up and what is popular. A small constant
// share explores the whole catalogue.
//
// Not thread-safe: one feed belongs to one user.
class Feed {
 public:
  // `shop` must outlive the feed. No topics: the prior is popularity alone.
  Feed(const Shop& shop, std::vector<Level1Index> topics);

  // A page of up to `count` distinct items; categories with more clicks come first, where users
  // look first.
  std::vector<Shown> Compose(std::size_t count, Rng& rng) const;

  void Learn(CategoryIndex clicked);

 private:
  Shown Draw(Rng& rng) const;
  CategoryIndex DrawLearned(Rng& rng) const;
  CategoryIndex DrawPrior(Rng& rng) const;

  const Shop& shop_;
  std::vector<Level1Index> topics_;
  std::vector<CategoryIndex> clicked_;       // In the order of the clicks, with repeats.
  std::vector<std::uint32_t> click_counts_;  // By CategoryIndex.
};

}  // namespace twohop::simulate_internal
