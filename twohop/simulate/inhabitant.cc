#include "twohop/simulate/inhabitant.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>

#include <fmt/format.h>

namespace twohop::simulate_internal {
namespace {

constexpr double kSecondLifestyleRatio = 0.4;
constexpr double kTypicalAgeRatio = 0.85;
constexpr double kProfileGapRatio = 0.04;  // Users who do not tell.
constexpr double kHiddenRatio = 0.5;       // Of the related categories outside the bubble.
constexpr std::size_t kFavouriteBrands = 2;
constexpr double kActivitySpread = 0.6;  // Standard deviation of the logarithm.

constexpr std::array<std::string_view, 6> kAgeGroups = {"18-24", "25-34", "35-44",
                                                        "45-54", "55-64", "65+"};

std::string DrawAge(const Lifestyle& lifestyle, Rng& rng) {
  if (rng.Chance(kTypicalAgeRatio)) return lifestyle.ages[rng.Below(lifestyle.ages.size())];
  return std::string(kAgeGroups[rng.Below(kAgeGroups.size())]);
}

void DrawLifestyles(const CommunityBlueprint& blueprint, Inhabitant& user, Rng& rng) {
  const auto& all = blueprint.lifestyles;
  user.lifestyles.push_back(rng.Below(all.size()));
  const Lifestyle& first = all[user.lifestyles[0]];
  user.profile.age_group = DrawAge(first, rng);
  user.profile.gender = rng.Chance(first.female_share) ? "female" : "male";
  if (!rng.Chance(kSecondLifestyleRatio)) return;
  constexpr int kAttempts = 20;
  for (int i = 0; i < kAttempts; ++i) {
    const std::size_t second = rng.Below(all.size());
    const bool fits =
        std::ranges::find(all[second].ages, user.profile.age_group) != all[second].ages.end();
    if (second == user.lifestyles[0] || !fits) continue;
    user.lifestyles.push_back(second);
    return;
  }
}

void DrawBubble(const CommunityBlueprint& blueprint, Inhabitant& user, Rng& rng) {
  std::set<CategoryIndex> bubble;
  for (const std::size_t place : user.lifestyles) {
    const auto& core = blueprint.lifestyles[place].core;
    bubble.insert(core.begin(), core.end());
  }
  const std::size_t extras = 1 + rng.Below(3);
  for (std::size_t i = 0; i < extras; ++i) {
    const auto& related =
        blueprint.lifestyles[user.lifestyles[rng.Below(user.lifestyles.size())]].related;
    bubble.insert(rng.Chance(0.5) ? related[rng.Below(related.size())]
                                  : CategoryIndex(static_cast<std::uint32_t>(
                                        rng.Below(blueprint.taxonomy->size()))));
  }
  user.bubble.assign(bubble.begin(), bubble.end());
  std::set<Level1Index> topics;
  for (const CategoryIndex category : bubble)
    topics.insert(blueprint.taxonomy->level1_of(category));
  user.topics.assign(topics.begin(), topics.end());
}

void DrawHidden(const CommunityBlueprint& blueprint, Inhabitant& user, Rng& rng) {
  std::set<CategoryIndex> wanted;
  for (const std::size_t place : user.lifestyles) {
    for (const CategoryIndex category : blueprint.lifestyles[place].related) {
      const Level1Index level1 = blueprint.taxonomy->level1_of(category);
      if (!std::ranges::binary_search(user.topics, level1)) wanted.insert(category);
    }
  }
  for (const CategoryIndex category : wanted) {
    if (rng.Chance(kHiddenRatio)) user.hidden.push_back(category);
  }
  if (user.hidden.empty() && !wanted.empty()) {
    const auto step = static_cast<std::ptrdiff_t>(rng.Below(wanted.size()));
    user.hidden.push_back(*std::next(wanted.begin(), step));
  }
}

void FillAffinity(const Taxonomy& taxonomy, Inhabitant& user) {
  user.affinity.assign(taxonomy.size(), Affinity::kNone);
  for (const Level1Index level1 : user.topics) {
    for (const CategoryIndex category : taxonomy.categories_of(level1)) {
      user.affinity[category.value()] = Affinity::kNearby;
    }
  }
  for (const CategoryIndex c : user.bubble) user.affinity[c.value()] = Affinity::kBubble;
  for (const CategoryIndex c : user.hidden) user.affinity[c.value()] = Affinity::kHidden;
}

// Popular brands of the user's price band and style have the best chance to be liked.
std::vector<std::uint32_t> DrawFavourites(const Taste& taste, const Shop& shop, Level1Index level1,
                                          Rng& rng) {
  const std::vector<Brand>& pool = shop.brands(level1);
  std::vector<double> weights;
  for (const Brand& brand : pool) weights.push_back(TasteFactor(taste, brand.price, brand.style));
  std::vector<std::uint32_t> favourites;
  while (favourites.size() < std::min(kFavouriteBrands, pool.size())) {
    const std::size_t brand = rng.Weighted(weights);
    favourites.push_back(static_cast<std::uint32_t>(brand));
    weights[brand] = 0.0;
  }
  return favourites;
}

void DrawTaste(const Shop& shop, Inhabitant& user, Rng& rng) {
  user.taste.price = DrawPriceBand(user.profile.age_group, rng);
  user.taste.style = DrawStyle(user.profile.age_group, rng);
  for (std::uint32_t l = 0; l < shop.taxonomy().level1_count(); ++l) {
    user.taste.favourites.push_back(DrawFavourites(user.taste, shop, Level1Index(l), rng));
  }
}

double BaseChance(Affinity affinity) {
  switch (affinity) {
    case Affinity::kBubble:
      return 0.36;
    case Affinity::kHidden:
      return 0.34;
    case Affinity::kNearby:
      return 0.09;
    case Affinity::kNone:
      break;
  }
  return 0.01;
}

}  // namespace

Inhabitant DrawInhabitant(const CommunityBlueprint& blueprint, const Shop& shop, std::size_t number,
                          const Rng& rng) {
  Rng own = rng.Fork("inhabitant", number);
  Inhabitant user;
  user.profile.id = UserId(fmt::format("u{:05}", number + 1));
  DrawLifestyles(blueprint, user, own);
  DrawBubble(blueprint, user, own);
  DrawHidden(blueprint, user, own);
  FillAffinity(*blueprint.taxonomy, user);
  DrawTaste(shop, user, own);
  // The mean of exp(N(m, s²)) is exp(m + s²/2).
  user.activity = std::exp(kActivitySpread * own.Normal() - kActivitySpread * kActivitySpread / 2);
  if (own.Chance(kProfileGapRatio)) user.profile.age_group.clear();
  if (own.Chance(kProfileGapRatio)) user.profile.gender.clear();
  return user;
}

double ClickChance(const Inhabitant& user, const Shop& shop, ItemIndex item, std::size_t position) {
  constexpr double kPositionDecay = 0.06;
  constexpr double kMostCertain = 0.85;
  const ShopItem& shown = shop.at(item);
  double chance = BaseChance(user.affinity[shown.item.category.value()]);
  chance *= TasteFactor(user.taste, shown.price, shown.style);
  const auto& favourites = user.taste.favourites[shop.level1_of(item).value()];
  if (std::ranges::find(favourites, shown.brand) != favourites.end()) chance *= 1.6;
  chance /= 1.0 + kPositionDecay * static_cast<double>(position);
  return std::min(chance, kMostCertain);
}

}  // namespace twohop::simulate_internal
