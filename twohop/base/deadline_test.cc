#include "twohop/base/deadline.h"

#include <gtest/gtest.h>

#include "twohop/base/mutex.h"
#include "twohop/base/testing/manual_clock.h"

namespace twohop {
namespace {

// Blocks until a stop is requested.
void WaitFor(const std::stop_token& stop) {
  Mutex mutex;
  CondVar never;
  MutexLock lock(mutex);
  never.Wait(mutex, stop, [] { return false; });
}

TEST(DeadlineTest, RequestsAStopWhenTheTimeHasPassed) {
  const ManualClock clock;  // Sleeping takes no time.
  const Deadline deadline(clock, std::chrono::hours(1), {});
  WaitFor(deadline.token());
  EXPECT_TRUE(deadline.passed());
  EXPECT_EQ(clock.sleeps(), std::vector<Milliseconds>{std::chrono::hours(1)});
}

TEST(DeadlineTest, PassesTheCallersStopOn) {
  const SystemClock clock;
  std::stop_source stop;
  const Deadline deadline(clock, std::chrono::hours(1), stop.get_token());
  EXPECT_FALSE(deadline.token().stop_requested());
  stop.request_stop();
  EXPECT_TRUE(deadline.token().stop_requested());
  EXPECT_FALSE(deadline.passed());
}

TEST(DeadlineTest, AStopBeforeItBeganIsPassedOnToo) {
  const SystemClock clock;
  std::stop_source stop;
  stop.request_stop();
  const Deadline deadline(clock, std::chrono::hours(1), stop.get_token());
  EXPECT_TRUE(deadline.token().stop_requested());
}

}  // namespace
}  // namespace twohop
