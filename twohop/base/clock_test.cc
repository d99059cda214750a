#include "twohop/base/clock.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"

namespace twohop {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""h;

TEST(SystemClockTest, MonotonicTimeNeverRunsBackwards) {
  const SystemClock clock;
  const auto first = clock.Monotonic();
  EXPECT_GE(clock.Monotonic(), first);
}

TEST(SystemClockTest, NowIsAfterThisTestWasWritten) {
  EXPECT_GT(SystemClock().Now(), TimePoint(std::chrono::sys_days(std::chrono::year(2024) / 1 / 1)));
}

TEST(SystemClockTest, SleepReturnsTrueWhenTheTimeIsOver) {
  const SystemClock clock;
  const auto start = clock.Monotonic();
  EXPECT_TRUE(clock.SleepFor(2ms, {}));
  EXPECT_GE(clock.Monotonic() - start, 2ms);
}

TEST(SystemClockTest, SleepDoesNotStartOnceAStopIsRequested) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(SystemClock().SleepFor(24h, stop.get_token()));
}

TEST(SystemClockTest, AStopFromAnotherThreadEndsTheSleep) {
  std::stop_source stop;
  const std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_FALSE(SystemClock().SleepFor(24h, stop.get_token()));
}

TEST(ManualClockTest, StandsStillUntilItIsMoved) {
  ManualClock clock(TimePoint(5ms));
  EXPECT_EQ(clock.Now(), TimePoint(5ms));
  clock.Advance(7ms);
  EXPECT_EQ(clock.Now(), TimePoint(12ms));
  EXPECT_EQ(clock.Monotonic(), 12ms);
}

TEST(ManualClockTest, SleepMovesItAtOnceAndIsRemembered) {
  const ManualClock clock(TimePoint(0ms));
  EXPECT_TRUE(clock.SleepFor(24h, {}));
  EXPECT_TRUE(clock.SleepFor(1ms, {}));
  EXPECT_EQ(clock.Now(), TimePoint(24h + 1ms));
  EXPECT_THAT(clock.sleeps(), testing::ElementsAre(24h, 1ms));
}

TEST(StopwatchTest, MeasuresFromItsConstruction) {
  ManualClock clock;
  const Stopwatch watch(clock);
  EXPECT_EQ(watch.elapsed(), 0ms);
  clock.Advance(1500ms);
  EXPECT_EQ(watch.elapsed(), 1500ms);
  EXPECT_DOUBLE_EQ(watch.elapsed_seconds(), 1.5);
}

}  // namespace
}  // namespace twohop
