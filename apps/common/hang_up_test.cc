#include "apps/common/hang_up.h"

#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

namespace twohop::app {
namespace {

constexpr Milliseconds kLong{3'600'000};

TEST(HangUpTest, ASignalThatCameBeforeIsNotLost) {
  const HangUp hang_up;
  ::kill(::getpid(), SIGHUP);
  EXPECT_EQ(hang_up.Wait(kLong, {}), HangUpWait::kSignal);
}

TEST(HangUpTest, ASignalWakesTheThreadThatWaits) {
  const HangUp hang_up;
  HangUpWait woken = HangUpWait::kTimeOver;
  {
    const std::jthread waiting([&] { woken = hang_up.Wait(kLong, {}); });
    ::kill(::getpid(), SIGHUP);
  }
  EXPECT_EQ(woken, HangUpWait::kSignal);
}

TEST(HangUpTest, WithoutASignalTheTimeEndsTheWait) {
  const HangUp hang_up;
  EXPECT_EQ(hang_up.Wait(Milliseconds(0), {}), HangUpWait::kTimeOver);
}

TEST(HangUpTest, AStopEndsTheWait) {
  const HangUp hang_up;
  std::stop_source stop;
  HangUpWait woken = HangUpWait::kTimeOver;
  {
    const std::jthread waiting([&] { woken = hang_up.Wait(kLong, stop.get_token()); });
    stop.request_stop();
  }
  EXPECT_EQ(woken, HangUpWait::kStopped);
}

}  // namespace
}  // namespace twohop::app
