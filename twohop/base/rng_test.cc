#include "twohop/base/rng.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop {
namespace {

constexpr int kDraws = 20'000;

template <typename Draw>
double Mean(Draw draw) {
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) sum += static_cast<double>(draw());
  return sum / kDraws;
}

std::vector<std::uint64_t> First(Rng rng, std::size_t count) {
  std::vector<std::uint64_t> numbers(count);
  std::generate(numbers.begin(), numbers.end(), [&] { return rng.Next(); });
  return numbers;
}

// How often each of [0, bound) is drawn.
std::vector<int> Counts(std::size_t bound, const std::function<std::size_t()>& draw) {
  std::vector<int> counts(bound);
  for (int i = 0; i < kDraws; ++i) ++counts.at(draw());
  return counts;
}

TEST(RngTest, GivesTheSameNumbersInEveryRelease) {
  // xoshiro256** seeded with the SplitMix64 stream of 0 and of 42.
  EXPECT_THAT(First(Rng(0), 3), testing::ElementsAre(0x99EC5F36CB75F2B4ULL, 0xBF6E1F784956452AULL,
                                                     0x1A5F849D4933E6E0ULL));
  EXPECT_THAT(First(Rng(42), 3), testing::ElementsAre(0x15780B2E0C2EC716ULL, 0x6104D9866D113A7EULL,
                                                      0xAE17533239E499A1ULL));
}

TEST(RngTest, DistributionsGiveTheSameNumbersInEveryRelease) {
  Rng rng(42);
  EXPECT_DOUBLE_EQ(rng.Uniform(), 0.083862971059882163);
  EXPECT_EQ(rng.Below(1000), 102U);
  EXPECT_NEAR(rng.Normal(), 1.3438117634372806, 1e-6);
}

TEST(RngTest, UniformIsInTheHalfOpenUnitInterval) {
  Rng rng(1);
  double lowest = 1;
  double highest = 0;
  const double mean = Mean([&] {
    const double value = rng.Uniform();
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
    return value;
  });
  EXPECT_GE(lowest, 0);
  EXPECT_LT(highest, 1);
  EXPECT_NEAR(mean, 0.5, 0.01);
}

TEST(RngTest, BelowCoversItsBoundsEvenly) {
  Rng rng(1);
  const std::vector<int> counts = Counts(7, [&] { return rng.Below(7); });
  EXPECT_THAT(counts, testing::Each(testing::AllOf(testing::Gt(2600), testing::Lt(3115))));
}

TEST(RngTest, BelowOneIsZero) {
  Rng rng(1);
  EXPECT_EQ(rng.Below(1), 0U);
}

TEST(RngTest, BelowHasNoModuloBias) {
  // Without rejection, 2^64 mod (3 * 2^62) would make the lowest third twice as frequent.
  Rng rng(1);
  const std::uint64_t third = std::uint64_t{1} << 62U;
  const double low = Mean([&] { return rng.Below(3 * third) < third ? 1 : 0; });
  EXPECT_NEAR(low, 1.0 / 3, 0.015);
}

TEST(RngTest, ChanceZeroNeverAndChanceOneAlways) {
  Rng rng(1);
  EXPECT_EQ(Mean([&] { return rng.Chance(0) ? 1 : 0; }), 0);
  EXPECT_EQ(Mean([&] { return rng.Chance(1) ? 1 : 0; }), 1);
  EXPECT_NEAR(Mean([&] { return rng.Chance(0.3) ? 1 : 0; }), 0.3, 0.015);
}

TEST(RngTest, NormalHasMeanZeroAndVarianceOne) {
  Rng rng(1);
  EXPECT_NEAR(Mean([&] { return rng.Normal(); }), 0, 0.03);
  EXPECT_NEAR(Mean([&] { return std::pow(rng.Normal(), 2); }), 1, 0.05);
}

TEST(RngTest, ExponentialHasTheMeanOfItsRate) {
  Rng rng(1);
  EXPECT_NEAR(Mean([&] { return rng.Exponential(4); }), 0.25, 0.01);
}

TEST(RngTest, WeightedDrawsInProportion) {
  Rng rng(1);
  const std::array weights{1.0, 3.0};
  EXPECT_NEAR(Mean([&] { return rng.Weighted(weights); }), 0.75, 0.015);
}

TEST(RngTest, WeightedNeverPicksAWeightOfZero) {
  Rng rng(1);
  const std::array weights{0.0, 1e-300, 0.0, 1e300, 0.0};
  const std::vector<int> counts = Counts(5, [&] { return rng.Weighted(weights); });
  EXPECT_EQ(counts, (std::vector<int>{0, 0, 0, kDraws, 0}));
}

TEST(RngTest, ShuffleIsAPermutationAndEveryOrderIsAsLikely) {
  Rng rng(1);
  std::vector<int> last_places(4);
  for (int i = 0; i < kDraws; ++i) {
    std::array<std::size_t, 4> values{0, 1, 2, 3};
    rng.Shuffle(std::span<std::size_t>(values));
    ++last_places[values[3]];
    std::sort(values.begin(), values.end());
    ASSERT_EQ(values, (std::array<std::size_t, 4>{0, 1, 2, 3}));
  }
  EXPECT_THAT(last_places, testing::Each(testing::AllOf(testing::Gt(4700), testing::Lt(5300))));
}

TEST(RngTest, AForkDoesNotDependOnHowMuchWasDrawn) {
  Rng rng(7);
  const auto before = First(rng.Fork("users"), 5);
  rng.Next();
  EXPECT_EQ(First(rng.Fork("users"), 5), before);
}

TEST(RngTest, ForkingDoesNotChangeTheGenerator) {
  Rng forked(7);
  forked.Fork("users");
  EXPECT_EQ(forked.Next(), Rng(7).Next());
}

TEST(RngTest, ForksOfAnotherPurposeIndexOrSeedDiffer) {
  const Rng rng(7);
  const auto users = First(rng.Fork("users"), 5);
  EXPECT_NE(First(rng.Fork("items"), 5), users);
  EXPECT_NE(First(rng.Fork("users", 1), 5), users);
  EXPECT_NE(First(Rng(8).Fork("users"), 5), users);
  EXPECT_NE(First(rng, 5), users);
}

TEST(RngTest, ForksAreUncorrelated) {
  const Rng rng(7);
  Rng one = rng.Fork("users", 1);
  Rng two = rng.Fork("users", 2);
  const double covariance = Mean([&] { return (one.Uniform() - 0.5) * (two.Uniform() - 0.5); });
  EXPECT_NEAR(covariance * 12, 0, 0.03);  // The variance of a uniform number is 1 / 12.
}

TEST(RngTest, FirstNumbersOfNeighbouringForksAreEvenlySpread) {
  const Rng rng(7);
  std::uint64_t index = 0;
  EXPECT_NEAR(Mean([&] { return rng.Fork("users", index++).Uniform(); }), 0.5, 0.01);
}

}  // namespace
}  // namespace twohop
