#include "twohop/simulate/feed.h"

#include <algorithm>
#include <array>
#include <utility>

namespace twohop::simulate_internal {
namespace {

constexpr double kSmoothing = 5.0;  // The prior weighs as much as this many clicks.
constexpr double kExploreRatio = 0.015;
constexpr double kTopicRatio = 0.9;  // Of the prior; the rest is popularity in the whole shop.
constexpr double kSameCategoryRatio = 0.8;  // Of what is learned; the rest is its level-1 category.

}  // namespace

std::string_view ShownByName(ShownBy shown_by) {
  constexpr std::array<std::string_view, 3> kNames = {"feed", "explore", "search"};
  return kNames[static_cast<std::size_t>(shown_by)];
}

Feed::Feed(const Shop& shop, std::vector<Level1Index> topics)
    : shop_(shop), topics_(std::move(topics)), click_counts_(shop.taxonomy().size()) {}

void Feed::Learn(CategoryIndex clicked) {
  clicked_.push_back(clicked);
  ++click_counts_[clicked.value()];
}

// A past click drawn evenly is a category drawn in proportion to its clicks (a Pólya urn).
CategoryIndex Feed::DrawLearned(Rng& rng) const {
  const CategoryIndex category = clicked_[rng.Below(clicked_.size())];
  if (rng.Chance(kSameCategoryRatio)) return category;
  return shop_.DrawCategory(shop_.taxonomy().level1_of(category), rng);
}

CategoryIndex Feed::DrawPrior(Rng& rng) const {
  if (topics_.empty() || !rng.Chance(kTopicRatio)) return shop_.DrawCategory(rng);
  return shop_.DrawCategory(topics_[rng.Below(topics_.size())], rng);
}

Shown Feed::Draw(Rng& rng) const {
  if (rng.Chance(kExploreRatio)) {
    const auto any = static_cast<std::uint32_t>(rng.Below(shop_.taxonomy().size()));
    return {shop_.DrawItem(CategoryIndex(any), rng), ShownBy::kExplore};
  }
  const auto clicks = static_cast<double>(clicked_.size());
  const bool learned = rng.Chance(clicks / (clicks + kSmoothing));
  return {shop_.DrawItem(learned ? DrawLearned(rng) : DrawPrior(rng), rng), ShownBy::kFeed};
}

std::vector<Shown> Feed::Compose(std::size_t count, Rng& rng) const {
  std::vector<Shown> page;
  for (std::size_t attempt = 0; page.size() < count && attempt < 3 * count; ++attempt) {
    const Shown drawn = Draw(rng);
    const bool repeated = std::ranges::find(page, drawn.item, &Shown::item) != page.end();
    if (!repeated) page.push_back(drawn);
  }
  std::ranges::stable_sort(page, std::ranges::greater(), [this](const Shown& shown) {
    return click_counts_[shop_.at(shown.item).item.category.value()];
  });
  return page;
}

}  // namespace twohop::simulate_internal
