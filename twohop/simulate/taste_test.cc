#include "twohop/simulate/taste.h"

#include <gtest/gtest.h>

namespace twohop::simulate_internal {
namespace {

constexpr Taste kFrugal{.price = PriceBand::kBudget, .style = Style::kPlayful, .favourites = {}};

double ShareOfBudget(std::string_view age_group) {
  Rng rng(5);
  int budget = 0;
  for (int i = 0; i < 2'000; ++i) budget += DrawPriceBand(age_group, rng) == PriceBand::kBudget;
  return budget / 2'000.0;
}

TEST(TasteTest, NamesAreTags) {
  EXPECT_EQ(PriceBandName(PriceBand::kMidRange), "mid-range");
  EXPECT_EQ(StyleName(Style::kSimple), "simple");
}

TEST(TasteTest, TheFurtherThePriceTheLessItSuits) {
  const double budget = TasteFactor(kFrugal, PriceBand::kBudget, Style::kBold);
  const double mid = TasteFactor(kFrugal, PriceBand::kMidRange, Style::kBold);
  const double premium = TasteFactor(kFrugal, PriceBand::kPremium, Style::kBold);
  EXPECT_GT(budget, mid);
  EXPECT_GT(mid, premium);
}

TEST(TasteTest, TheUsersStyleSuitsBest) {
  EXPECT_GT(TasteFactor(kFrugal, PriceBand::kBudget, Style::kPlayful),
            TasteFactor(kFrugal, PriceBand::kBudget, Style::kClassic));
}

TEST(TasteTest, YoungUsersLeanToBudget) {
  EXPECT_GT(ShareOfBudget("18-24"), ShareOfBudget("35-44"));
  EXPECT_GT(ShareOfBudget("35-44"), ShareOfBudget("65+"));
}

}  // namespace
}  // namespace twohop::simulate_internal
