#include "twohop/base/parallel.h"

#include <atomic>
#include <latch>
#include <numeric>
#include <set>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/mutex.h"

namespace twohop {
namespace {

TEST(ParallelForTest, EveryIndexIsVisitedOnce) {
  // Indices are distinct, so no two calls share an element.
  std::vector<int> visits(1000);
  ParallelFor(visits.size(), 4, {}, [&](std::size_t i) { ++visits[i]; });
  EXPECT_THAT(visits, testing::Each(1));
}

TEST(ParallelForTest, NoIndicesMeansNoCalls) {
  ParallelFor(0, 4, {}, [](std::size_t) { FAIL(); });
}

TEST(ParallelForTest, OneThreadGoesInAscendingOrderOnTheCaller) {
  std::vector<std::size_t> order;
  std::set<std::thread::id> threads;
  ParallelFor(5, 1, {}, [&](std::size_t i) {
    order.push_back(i);
    threads.insert(std::this_thread::get_id());
  });
  EXPECT_THAT(order, testing::ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(threads, testing::ElementsAre(std::this_thread::get_id()));
}

TEST(ParallelForTest, ThreadsRunAtTheSameTime) {
  std::latch all_here(3);  // Opens only if three calls are under way at once.
  std::atomic<int> calls = 0;
  ParallelFor(3, 3, {}, [&](std::size_t) {
    all_here.arrive_and_wait();
    ++calls;
  });
  EXPECT_EQ(calls, 3);
}

TEST(ParallelForTest, ZeroThreadsMeansOnePerCore) {
  std::atomic<std::size_t> sum = 0;
  ParallelFor(100, 0, {}, [&](std::size_t i) { sum += i; });
  EXPECT_EQ(sum, 4950U);
}

TEST(ParallelForTest, NothingStartsOnceAStopIsRequested) {
  std::stop_source stop;
  stop.request_stop();
  ParallelFor(100, 4, stop.get_token(), [](std::size_t) { FAIL(); });
}

TEST(ParallelForTest, AStopEndsTheHandingOut) {
  std::stop_source stop;
  int calls = 0;
  ParallelFor(100, 1, stop.get_token(), [&](std::size_t i) {
    ++calls;
    if (i == 2) stop.request_stop();
  });
  EXPECT_EQ(calls, 3);
}

}  // namespace
}  // namespace twohop
