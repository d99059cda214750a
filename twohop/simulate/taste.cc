#include "twohop/simulate/taste.h"

#include <array>
#include <cstdlib>

namespace twohop::simulate_internal {
namespace {

constexpr std::array<std::string_view, kPriceBandCount> kPriceBandNames = {"budget", "mid-range",
                                                                           "premium"};
constexpr std::array<std::string_view, kStyleCount> kStyleNames = {"simple", "playful", "classic",
                                                                   "bold"};

bool IsYoung(std::string_view age_group) { return age_group == "18-24"; }
bool IsOlder(std::string_view age_group) {
  return age_group == "45-54" || age_group == "55-64" || age_group == "65+";
}

}  // namespace

std::string_view PriceBandName(PriceBand price) {
  return kPriceBandNames[static_cast<std::size_t>(price)];
}

std::string_view StyleName(Style style) { return kStyleNames[static_cast<std::size_t>(style)]; }

PriceBand DrawPriceBand(std::string_view age_group, Rng& rng) {
  std::array<double, kPriceBandCount> weights = {0.30, 0.45, 0.25};
  if (IsYoung(age_group)) weights = {0.55, 0.35, 0.10};
  if (IsOlder(age_group)) weights = {0.20, 0.40, 0.40};
  return static_cast<PriceBand>(rng.Weighted(weights));
}

Style DrawStyle(std::string_view age_group, Rng& rng) {
  std::array<double, kStyleCount> weights = {0.30, 0.20, 0.25, 0.25};
  if (IsYoung(age_group)) weights = {0.20, 0.40, 0.10, 0.30};
  if (IsOlder(age_group)) weights = {0.25, 0.10, 0.50, 0.15};
  return static_cast<Style>(rng.Weighted(weights));
}

double TasteFactor(const Taste& taste, PriceBand price, Style style) {
  constexpr std::array<double, kPriceBandCount> kByDistance = {1.4, 0.8, 0.4};
  const int distance = std::abs(static_cast<int>(taste.price) - static_cast<int>(price));
  return kByDistance[static_cast<std::size_t>(distance)] * (taste.style == style ? 1.5 : 0.8);
}

}  // namespace twohop::simulate_internal
