#include "twohop/experiment/bootstrap.h"

#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

class BootstrapTest : public ::testing::Test {
 protected:
  Result<Interval> Mean(const std::vector<double>& values, BootstrapOptions options = {},
                        std::uint64_t seed = 1) const {
    Rng rng(seed);
    return BootstrapMean(values, options, rng);
  }

  Result<Interval> Ratio(const std::vector<Fraction>& users) const {
    Rng rng(1);
    return BootstrapRatio(users, {}, rng);
  }

  // `count` values, alternately 0 and 1.
  static std::vector<double> Coins(std::size_t count) {
    std::vector<double> coins;
    for (std::size_t i = 0; i < count; ++i) coins.push_back(static_cast<double>(i % 2));
    return coins;
  }
};

TEST_F(BootstrapTest, EqualValuesLeaveNoDoubt) {
  EXPECT_EQ(*Mean({0.25, 0.25, 0.25}), (Interval{0.25, 0.25, 0.25}));
}

TEST_F(BootstrapTest, TheIntervalOfFairCoinsIsThatOfTheNormalDistribution) {
  ASSERT_OK_AND_ASSIGN(const Interval interval, Mean(Coins(400)));
  // 1.96 * sqrt(0.25 / 400) = 0.049.
  EXPECT_EQ(interval.estimate, 0.5);
  EXPECT_NEAR(interval.low, 0.451, 0.008);
  EXPECT_NEAR(interval.high, 0.549, 0.008);
}

TEST_F(BootstrapTest, MoreUsersMakeItNarrower) {
  const auto few = *Mean(Coins(50));
  const auto many = *Mean(Coins(800));
  EXPECT_LT(many.high - many.low, (few.high - few.low) / 2);
}

TEST_F(BootstrapTest, MoreConfidenceMakesItWider) {
  const auto usual = *Mean(Coins(100), {.confidence = 0.80});
  const auto sure = *Mean(Coins(100), {.confidence = 0.99});
  EXPECT_LT(sure.low, usual.low);
  EXPECT_GT(sure.high, usual.high);
}

TEST_F(BootstrapTest, EqualSeedsGiveEqualIntervals) {
  EXPECT_EQ(*Mean(Coins(99), {}, 5), *Mean(Coins(99), {}, 5));
}

TEST_F(BootstrapTest, ARatioWeighsUsersByTheirDenominator) {
  ASSERT_OK_AND_ASSIGN(const Interval interval, Ratio({{1, 1}, {0, 9}}));
  EXPECT_EQ(interval.estimate, 0.1);
  EXPECT_EQ(interval.low, 0.0);
  EXPECT_EQ(interval.high, 1.0);
}

TEST_F(BootstrapTest, ARatioOfNothingIsZero) {
  EXPECT_EQ(*Ratio({{0, 0}, {0, 0}}), (Interval{0.0, 0.0, 0.0}));
}

TEST_F(BootstrapTest, NoUsersIsAnError) {
  EXPECT_THAT(Mean({}), FailsWith(ErrorCode::kInvalidArgument, "no users"));
}

TEST_F(BootstrapTest, ValuesThatAreNotFiniteAreRefused) {
  EXPECT_THAT(Mean({1.0, std::numeric_limits<double>::quiet_NaN()}),
              FailsWith(ErrorCode::kInvalidArgument, "not finite"));
}

TEST_F(BootstrapTest, OptionsOutOfRangeAreNamed) {
  EXPECT_THAT(Mean({1.0}, {.resamples = 0}), FailsWith(ErrorCode::kInvalidArgument, "resamples"));
  EXPECT_THAT(Mean({1.0}, {.confidence = 1.0}),
              FailsWith(ErrorCode::kInvalidArgument, "confidence"));
}

}  // namespace
}  // namespace twohop
