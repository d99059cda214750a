#include "twohop/simulate/searches.h"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/simulate/testing/demo_blueprint.h"

namespace twohop::simulate_internal {
namespace {

using std::chrono::days;

class SearchesTest : public ::testing::Test {
 protected:
  static constexpr TimePoint kStart{days(20'000)};
  static constexpr TimePoint kEnd = kStart + days(60);

  std::vector<PlannedSearch> Plan(std::size_t number) const {
    const Inhabitant user = DrawInhabitant(blueprint_, shop_, number, Rng(1));
    Rng rng(100 + number);
    return PlanSearches(blueprint_, user, kStart, kEnd, rng);
  }

  std::vector<PlannedSearch> PlanForMany(std::size_t users) const {
    std::vector<PlannedSearch> all;
    for (std::size_t i = 0; i < users; ++i) {
      for (const PlannedSearch& search : Plan(i)) all.push_back(search);
    }
    return all;
  }

  static double Share(const std::vector<PlannedSearch>& searches, auto predicate) {
    return static_cast<double>(std::ranges::count_if(searches, predicate)) /
           static_cast<double>(searches.size());
  }

  bool IsHint(std::string_view query) const {
    return std::ranges::any_of(blueprint_.lifestyles, [&](const Lifestyle& lifestyle) {
      return std::ranges::find(lifestyle.hints, query) != lifestyle.hints.end();
    });
  }

  CommunityBlueprint blueprint_ = MakeTinyBlueprint();
  Shop shop_{blueprint_, 24, Rng(1)};
};

TEST_F(SearchesTest, AllFallIntoTheTimeAskedFor) {
  const auto searches = PlanForMany(100);
  EXPECT_EQ(Share(searches, [](const auto& s) { return s.time >= kStart && s.time < kEnd; }), 1.0);
}

TEST_F(SearchesTest, ThreeOfFourFallIntoTheSecondHalf) {
  const auto searches = PlanForMany(200);
  EXPECT_NEAR(Share(searches, [](const auto& s) { return s.time >= kStart + days(30); }), 0.75,
              0.05);
}

TEST_F(SearchesTest, OverHalfAreHints) {
  const auto searches = PlanForMany(200);
  EXPECT_NEAR(Share(searches, [this](const auto& s) { return IsHint(s.query); }), 0.55, 0.06);
}

TEST_F(SearchesTest, TheShopAnswersTermsOfTheBubbleAlone) {
  const auto searches = PlanForMany(200);
  EXPECT_NEAR(Share(searches, [](const auto& s) { return s.shelf.has_value(); }), 0.30, 0.06);
  EXPECT_EQ(Share(searches, [this](const auto& s) { return IsHint(s.query) && s.shelf; }), 0.0);
}

TEST_F(SearchesTest, SomeUsersNeverSearchAndMostHaveAHandful) {
  std::size_t silent = 0;
  std::size_t usual = 0;
  for (std::size_t i = 0; i < 300; ++i) {
    const std::size_t count = Plan(i).size();
    silent += count == 0 ? 1 : 0;
    usual += count >= 3 && count <= 9 ? 1 : 0;
  }
  EXPECT_GT(silent, 8U);
  EXPECT_LT(silent, 40U);
  EXPECT_GT(usual, 240U);
}

}  // namespace
}  // namespace twohop::simulate_internal
