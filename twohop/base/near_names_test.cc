#include "twohop/base/near_names.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Near(std::string_view typed, const std::vector<std::string>& names) {
  NearNames near(typed);
  for (const std::string& name : names) near.Offer(name);
  return near.Best();
}

TEST(NearNamesTest, NearestComesFirst) {
  EXPECT_THAT(Near("Headlmaps", {"Headlamp", "Headlamps", "Tents"}),
              ElementsAre("Headlamps", "Headlamp"));
}

TEST(NearNamesTest, SpellingInOtherCaseAndPunctuationIsNoDistance) {
  EXPECT_THAT(Near("desk-LAMPS", {"Desk Lamps"}), ElementsAre("Desk Lamps"));
}

TEST(NearNamesTest, APartOfANameIsNear) {
  EXPECT_THAT(Near("lamps", {"Headlamps & Flashlights", "Tents"}),
              ElementsAre("Headlamps & Flashlights"));
}

TEST(NearNamesTest, NothingIsNearToNonsense) {
  EXPECT_THAT(Near("xyzzy plugh", {"Headlamps", "Tents"}), IsEmpty());
  EXPECT_THAT(Near("", {"Headlamps"}), IsEmpty());
}

TEST(NearNamesTest, KeepsThreeEachOnceInOrderOfOffering) {
  EXPECT_THAT(Near("u1", {"u2", "u3", "u2", "u4", "u5"}), ElementsAre("u2", "u3", "u4"));
}

TEST(NearNamesTest, AHugeNameIsComparedByItsBeginning) {
  EXPECT_THAT(Near(std::string(10'000'000, 'a'), {"Tents", std::string(70, 'a')}),
              ElementsAre(std::string(70, 'a')));
}

TEST(NearNamesTest, WordsEndAMessage) {
  EXPECT_EQ(NearNamesInWords({"a", "b"}), "; near it: \"a\", \"b\"");
  EXPECT_EQ(NearNamesInWords({}), "");
}

}  // namespace
}  // namespace twohop
