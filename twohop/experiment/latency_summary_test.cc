#include "twohop/experiment/latency_summary.h"

#include <vector>

#include <gtest/gtest.h>

namespace twohop {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// 1 to 1000 ms, largest first.
std::vector<nanoseconds> Thousand() {
  std::vector<nanoseconds> durations;
  for (int i = 1000; i > 0; --i) durations.emplace_back(milliseconds(i));
  return durations;
}

TEST(LatencySummaryTest, PercentilesDoNotDependOnTheOrder) {
  const LatencySummary summary = SummarizeLatency(Thousand());
  EXPECT_EQ(summary, (LatencySummary{1000, milliseconds(500), milliseconds(950), milliseconds(990),
                                     milliseconds(1000)}));
}

TEST(LatencySummaryTest, WithoutDurationsAllIsZero) {
  EXPECT_EQ(SummarizeLatency({}), LatencySummary{});
}

TEST(LatencySummaryTest, OneSlowOfTenIsTheMaximumAndTheTail) {
  std::vector<nanoseconds> durations(9, milliseconds(1));
  durations.emplace_back(milliseconds(80));
  const LatencySummary summary = SummarizeLatency(durations);
  EXPECT_EQ(summary.p50, milliseconds(1));
  EXPECT_EQ(summary.p99, milliseconds(80));
  EXPECT_EQ(summary.max, milliseconds(80));
}

TEST(LatencySummaryTest, ReadsInMilliseconds) {
  EXPECT_EQ(
      FormatLatency({2, nanoseconds(1'234'567), milliseconds(3), milliseconds(3), milliseconds(3)}),
      "p50 1.23 ms, p95 3.00 ms, p99 3.00 ms, max 3.00 ms of 2");
}

}  // namespace
}  // namespace twohop
