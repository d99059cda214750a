#include "twohop/base/mutex.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace twohop {
namespace {

TEST(MutexTest, OneHolderAtATime) {
  Mutex mutex;
  int count = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) {
          MutexLock lock(mutex);
          ++count;
        }
      });
    }
  }
  EXPECT_EQ(count, 4000);
}

class CondVarTest : public testing::Test {
 protected:
  bool WaitUntilReady(std::stop_token stop) {
    MutexLock lock(mutex_);
    return changed_.Wait(mutex_, stop, [this] { return ready_; });
  }

  void SetReady() {
    MutexLock lock(mutex_);
    ready_ = true;
    changed_.NotifyAll();
  }

  Mutex mutex_;
  CondVar changed_;
  bool ready_ = false;
};

TEST_F(CondVarTest, WaitReturnsAtOnceWhenReady) {
  SetReady();
  EXPECT_TRUE(WaitUntilReady({}));
}

TEST_F(CondVarTest, WaitEndsWhenAnotherThreadMakesItReady) {
  const std::jthread other([this] { SetReady(); });
  EXPECT_TRUE(WaitUntilReady({}));
}

TEST_F(CondVarTest, WaitEndsWithFalseOnAStop) {
  std::stop_source stop;
  const std::jthread other([&] { stop.request_stop(); });
  EXPECT_FALSE(WaitUntilReady(stop.get_token()));
}

TEST_F(CondVarTest, ReadyWinsOverAStop) {
  std::stop_source stop;
  stop.request_stop();
  SetReady();
  EXPECT_TRUE(WaitUntilReady(stop.get_token()));
}

}  // namespace
}  // namespace twohop
