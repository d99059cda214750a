// What data/README.md promises of the demo community's lifestyles and products.

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/text.h"
#include "twohop/simulate/testing/demo_blueprint.h"

namespace twohop {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::Field;
using ::testing::Ge;
using ::testing::IsSubsetOf;
using ::testing::Le;
using ::testing::ResultOf;
using ::testing::SizeIs;

class DemoDataTest : public ::testing::Test {
 protected:
  DemoDataTest()
      : blueprint_(
            LoadDemoBlueprint(std::filesystem::path(TWOHOP_SOURCE_DIR) / "data" / "community")) {}

  std::size_t Level1Count(const std::vector<CategoryIndex>& categories) const {
    std::set<Level1Index> level1;
    for (const CategoryIndex c : categories) level1.insert(blueprint_.taxonomy->level1_of(c));
    return level1.size();
  }

  std::set<std::string> Terms() const {
    std::set<std::string> terms;
    for (std::uint32_t i = 0; i < blueprint_.taxonomy->size(); ++i) {
      for (const auto& t : blueprint_.taxonomy->at(CategoryIndex(i)).terms) {
        terms.insert(NormalizeName(t));
      }
    }
    return terms;
  }

  std::multiset<std::string> Hints() const {
    std::multiset<std::string> hints;
    for (const Lifestyle& l : blueprint_.lifestyles) {
      for (const std::string& hint : l.hints) hints.insert(NormalizeName(hint));
    }
    return hints;
  }

  CommunityBlueprint blueprint_;
};

TEST_F(DemoDataTest, ThereAreAtLeastSixtyLifestyles) {
  EXPECT_GE(blueprint_.lifestyles.size(), 60U);
}

TEST_F(DemoDataTest, RelatedCategoriesSpreadOverFiveOtherLevel1Categories) {
  EXPECT_THAT(
      blueprint_.lifestyles,
      Each(Field(&Lifestyle::related,
                 AllOf(SizeIs(AllOf(Ge(8U), Le(16U))),
                       ResultOf([this](const auto& r) { return Level1Count(r); }, Ge(5U))))));
}

TEST_F(DemoDataTest, EveryLifestyleHasTenToTwentyHints) {
  EXPECT_THAT(blueprint_.lifestyles,
              Each(Field(&Lifestyle::hints, SizeIs(AllOf(Ge(10U), Le(20U))))));
}

TEST_F(DemoDataTest, AgesAreThoseOfTheCommunity) {
  EXPECT_THAT(blueprint_.lifestyles,
              Each(Field(&Lifestyle::ages,
                         IsSubsetOf({"18-24", "25-34", "35-44", "45-54", "55-64", "65+"}))));
}

TEST_F(DemoDataTest, HintsAreNotTermsOfTheTaxonomy) {
  const auto terms = Terms();
  const auto hints = Hints();
  EXPECT_EQ(std::ranges::count_if(hints, [&](const auto& h) { return terms.contains(h); }), 0);
}

TEST_F(DemoDataTest, HintsAreDistinct) {
  const auto hints = Hints();
  EXPECT_EQ(std::set<std::string>(hints.begin(), hints.end()).size(), hints.size());
}

}  // namespace
}  // namespace twohop
