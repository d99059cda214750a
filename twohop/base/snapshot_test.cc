#include "twohop/base/snapshot.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace twohop {
namespace {

struct Pair {
  int first = 0;
  int second = 0;  // Always the same as `first`.
};

std::shared_ptr<const Pair> Version(int number) {
  return std::make_shared<const Pair>(Pair{.first = number, .second = number});
}

TEST(SnapshotTest, GivesTheVersionThatWasPublishedLast) {
  Snapshot<Pair> snapshot(Version(1));
  EXPECT_EQ(snapshot.Get()->first, 1);
  snapshot.Publish(Version(2));
  EXPECT_EQ(snapshot.Get()->first, 2);
}

TEST(SnapshotTest, MayStartWithNothing) { EXPECT_EQ(Snapshot<Pair>(nullptr).Get(), nullptr); }

TEST(SnapshotTest, AReaderKeepsTheVersionItGot) {
  Snapshot<Pair> snapshot(Version(1));
  const auto held = snapshot.Get();
  snapshot.Publish(Version(2));
  EXPECT_EQ(held->first, 1);
}

TEST(SnapshotTest, AnOldVersionGoesWhenNobodyHoldsIt) {
  auto first = Version(1);
  const std::weak_ptr<const Pair> watched = first;
  Snapshot<Pair> snapshot(std::move(first));
  auto held = snapshot.Get();
  snapshot.Publish(Version(2));
  EXPECT_FALSE(watched.expired());
  held.reset();
  EXPECT_TRUE(watched.expired());
}

TEST(SnapshotTest, ReadersSeeWholeVersionsInOrderWhileWritersPublish) {
  Snapshot<Pair> snapshot(Version(0));
  std::vector<std::jthread> readers;
  for (int r = 0; r < 3; ++r) {
    readers.emplace_back([&](std::stop_token stop) {
      int last = 0;
      while (!stop.stop_requested()) {
        const auto version = snapshot.Get();
        EXPECT_EQ(version->first, version->second);
        EXPECT_GE(version->first, last);
        last = version->first;
      }
    });
  }
  for (int i = 1; i <= 1000; ++i) snapshot.Publish(Version(i));
}

}  // namespace
}  // namespace twohop
