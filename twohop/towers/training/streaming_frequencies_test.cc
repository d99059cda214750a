#include "twohop/towers/training/streaming_frequencies.h"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

namespace twohop::towers_internal {
namespace {

TEST(StreamingFrequenciesTest, AnItemOfEveryBatchHasProbabilityOne) {
  StreamingFrequencies frequencies(2);
  for (std::size_t step = 0; step < 5; ++step) {
    frequencies.Observe(step, std::array<std::int64_t, 1>{1});
  }
  EXPECT_FLOAT_EQ(frequencies.LogFrequency(1), 0.0F);
}

TEST(StreamingFrequenciesTest, AnItemOfEveryFourthBatchHasAQuarterOfTheProbability) {
  StreamingFrequencies frequencies(1);
  for (std::size_t step = 3; step < 100; step += 4) {
    frequencies.Observe(step, std::array<std::int64_t, 1>{0});
  }
  EXPECT_FLOAT_EQ(frequencies.LogFrequency(0), std::log(0.25F));
}

TEST(StreamingFrequenciesTest, AnItemTwiceInABatchCountsOnce) {
  StreamingFrequencies frequencies(1);
  frequencies.Observe(0, std::array<std::int64_t, 2>{0, 0});
  frequencies.Observe(2, std::array<std::int64_t, 2>{0, 0});
  EXPECT_FLOAT_EQ(frequencies.LogFrequency(0), -std::log(0.95F + 0.05F * 2));
}

TEST(StreamingFrequenciesTest, AnItemNeverSeenHasNoCorrection) {
  EXPECT_EQ(StreamingFrequencies(1).LogFrequency(0), 0.0F);
}

}  // namespace
}  // namespace twohop::towers_internal
