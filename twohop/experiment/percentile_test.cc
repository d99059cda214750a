#include "twohop/experiment/percentile.h"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace twohop {
namespace {

std::vector<int> OneTo(std::size_t last) {
  std::vector<int> values(last);
  std::iota(values.begin(), values.end(), 1);
  return values;
}

int RankOf(const std::vector<int>& sorted, double quantile) {
  return NearestRank<int>(sorted, quantile);
}

TEST(PercentileTest, OfAHundredValuesThePercentileIsTheRank) {
  EXPECT_EQ(RankOf(OneTo(100), 0.50), 50);
  EXPECT_EQ(RankOf(OneTo(100), 0.95), 95);
  EXPECT_EQ(RankOf(OneTo(100), 0.99), 99);
}

TEST(PercentileTest, BetweenTwoRanksTheUpperCounts) {
  EXPECT_EQ(RankOf(OneTo(10), 0.95), 10);
  EXPECT_EQ(RankOf(OneTo(3), 0.50), 2);
}

TEST(PercentileTest, TheEndsAreTheSmallestAndTheLargest) {
  EXPECT_EQ(RankOf(OneTo(7), 0.0), 1);
  EXPECT_EQ(RankOf(OneTo(7), 1.0), 7);
}

TEST(PercentileTest, OneValueIsEveryPercentile) { EXPECT_EQ(RankOf({42}, 0.3), 42); }

}  // namespace
}  // namespace twohop
