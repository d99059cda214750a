#include "twohop/userstate/user_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

UserState StateWithClicksOn(std::initializer_list<std::string> level1) {
  UserState state;
  for (const std::string& name : level1) state.clicks.push_back({ItemId("i"), "c", name, {}});
  return state;
}

TEST(UserStateTest, ClickedLevel1IsAscendingAndNamesEachOnce) {
  EXPECT_THAT(ClickedLevel1(StateWithClicksOn({"Sport", "Beauty", "Sport"})),
              ElementsAre("Beauty", "Sport"));
}

TEST(UserStateTest, ClickedLevel1LeavesOutItemsThatWereNotInTheCatalogue) {
  EXPECT_THAT(ClickedLevel1(StateWithClicksOn({"", "Sport"})), ElementsAre("Sport"));
}

TEST(UserStateTest, UserWithoutClicksHasClickedNothing) {
  EXPECT_THAT(ClickedLevel1(UserState{}), IsEmpty());
}

}  // namespace
}  // namespace twohop
