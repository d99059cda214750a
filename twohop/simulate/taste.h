// Why two users with one interest want different items.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "twohop/base/rng.h"

namespace twohop::simulate_internal {

enum class PriceBand : std::uint8_t { kBudget, kMidRange, kPremium };
enum class Style : std::uint8_t { kSimple, kPlayful, kClassic, kBold };

inline constexpr std::size_t kPriceBandCount = 3;
inline constexpr std::size_t kStyleCount = 4;

// As they stand among an item's tags: "mid-range", "simple".
std::string_view PriceBandName(PriceBand price);
std::string_view StyleName(Style style);

// Price and style hold across all categories, so that what a user bought in one says something
// about the next; brands are liked one level-1 category at a time.
struct Taste {
  PriceBand price = PriceBand::kMidRange;
  Style style = Style::kClassic;
  std::vector<std::vector<std::uint32_t>> favourites;  // By Level1Index: places in the brand pool.
};

// What the two have to do with age: younger people lean to budget, playful and bold. A leaning,
// not a rule.
PriceBand DrawPriceBand(std::string_view age_group, Rng& rng);
Style DrawStyle(std::string_view age_group, Rng& rng);

// How much an item of this price and style suits: around 1 on average, larger is better.
double TasteFactor(const Taste& taste, PriceBand price, Style style);

}  // namespace twohop::simulate_internal
