#include "twohop/simulate/sampler.h"

#include <algorithm>
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop::simulate_internal {
namespace {

using ::testing::DoubleNear;
using ::testing::Pointwise;
using ::testing::UnorderedElementsAre;

std::array<double, 4> SharesOf(const Sampler& sampler, std::size_t draws) {
  Rng rng(7);
  std::array<double, 4> shares{};
  for (std::size_t i = 0; i < draws; ++i) shares[sampler.Draw(rng)] += 1.0;
  for (double& share : shares) share /= static_cast<double>(draws);
  return shares;
}

TEST(SamplerTest, DrawsInProportionToTheWeights) {
  Sampler sampler;
  for (const double weight : {1.0, 0.0, 2.0, 5.0}) sampler.Add(weight);
  EXPECT_THAT(SharesOf(sampler, 20'000),
              Pointwise(DoubleNear(0.02), std::array<double, 4>{0.125, 0.0, 0.25, 0.625}));
}

TEST(SamplerTest, AWeightOfZeroIsNeverDrawn) {
  Sampler sampler;
  for (const double weight : {0.0, 1.0, 0.0}) sampler.Add(weight);
  EXPECT_EQ(SharesOf(sampler, 1'000)[1], 1.0);
}

TEST(SamplerTest, ZipfWeightsFallWithTheRank) {
  Rng rng(7);
  EXPECT_THAT(ShuffledZipf(4, 1.0, rng),
              UnorderedElementsAre(1.0, 0.5, ::testing::DoubleEq(1.0 / 3), 0.25));
}

}  // namespace
}  // namespace twohop::simulate_internal
