#include "twohop/base/check.h"

#include <gtest/gtest.h>

namespace twohop {
namespace {

TEST(CheckTest, AConditionThatHoldsDoesNothing) {
  TWOHOP_CHECK(1 + 1 == 2);
  TWOHOP_DCHECK(1 + 1 == 2);
}

TEST(CheckDeathTest, AFalseConditionStopsTheProcessAndNamesFileAndCondition) {
  EXPECT_DEATH(TWOHOP_CHECK(1 + 1 == 3), "check_test.cc:[0-9]+: check failed: 1 \\+ 1 == 3");
}

TEST(CheckDeathTest, DebugChecksStopDebugBuildsAlone) {
  EXPECT_DEBUG_DEATH(TWOHOP_DCHECK(1 + 1 == 3), "check failed");
}

#ifdef NDEBUG
TEST(CheckTest, DebugChecksAreNotEvaluatedInReleaseBuilds) {
  int calls = 0;
  TWOHOP_DCHECK(++calls > 0);
  EXPECT_EQ(calls, 0);
}
#endif

}  // namespace
}  // namespace twohop
