#include "twohop/ann/int8_kernels.h"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "twohop/ann/quantize.h"
#include "twohop/base/rng.h"

namespace twohop::ann_internal {
namespace {

std::vector<std::int8_t> RandomCodes(std::size_t count, Rng& rng) {
  std::vector<std::int8_t> codes(count);
  for (auto& code : codes) code = static_cast<std::int8_t>(static_cast<int>(rng.Below(255)) - 127);
  return codes;
}

// What a row's inner product is by definition.
std::int32_t Expected(const std::vector<std::int8_t>& groups, std::size_t row, std::size_t quads,
                      const std::vector<std::int8_t>& query) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < quads * kQuad; ++i) {
    const std::size_t quad = row / kGroupRows * quads + i / kQuad;
    sum += groups[quad * kQuadBytes + row % kGroupRows * kQuad + i % kQuad] * query[i];
  }
  return sum;
}

class Int8KernelTest : public testing::TestWithParam<Int8Kernel> {
 protected:
  void ExpectExact(const std::vector<std::int8_t>& groups, std::size_t group_count,
                   std::size_t quads, const std::vector<std::int8_t>& query) {
    std::vector<std::int32_t> out(group_count * kGroupRows, -1);
    GetParam().dot(groups.data(), group_count, quads, query.data(), 1, out.data());
    for (std::size_t row = 0; row < out.size(); ++row) {
      ASSERT_EQ(out[row], Expected(groups, row, quads, query)) << "row " << row;
    }
  }

  void ExpectExactForConstant(std::int8_t row_value, std::int8_t query_value) {
    constexpr std::size_t kQuads = 64;
    ExpectExact(std::vector<std::int8_t>(kQuads * kQuadBytes, row_value), 1, kQuads,
                std::vector<std::int8_t>(kQuads * kQuad, query_value));
  }
};

TEST_P(Int8KernelTest, GivesExactProductsForEveryDimension) {
  Rng rng(1);
  for (std::size_t quads = 1; quads <= 33; ++quads) {
    ExpectExact(RandomCodes(3 * quads * kQuadBytes, rng), 3, quads,
                RandomCodes(quads * kQuad, rng));
  }
}

TEST_P(Int8KernelTest, GivesEachOfSeveralQueriesItsOwnProducts) {
  constexpr std::size_t kQuads = 5;
  constexpr std::size_t kGroups = 11;
  Rng rng(2);
  const auto groups = RandomCodes(kGroups * kQuads * kQuadBytes, rng);
  for (std::size_t count = 1; count <= 18; ++count) {
    const auto queries = RandomCodes(count * kQuads * kQuad, rng);
    std::vector<std::int32_t> out(count * kGroups * kGroupRows);
    GetParam().dot(groups.data(), kGroups, kQuads, queries.data(), count, out.data());
    for (std::size_t i = 0; i < out.size(); ++i) {
      const auto query = queries.begin() +
                         static_cast<std::ptrdiff_t>(i / (kGroups * kGroupRows) * kQuads * kQuad);
      ASSERT_EQ(out[i], Expected(groups, i % (kGroups * kGroupRows), kQuads,
                                 {query, query + kQuads * kQuad}))
          << count << " queries, product " << i;
    }
  }
}

TEST_P(Int8KernelTest, SelectsTheRowsThatReachTheThreshold) {
  Rng rng(3);
  std::vector<std::int32_t> dots;
  std::vector<float> factors;
  for (std::size_t i = 0; i < 5 * kGroupRows; ++i) {
    dots.push_back(static_cast<std::int32_t>(rng.Below(2'000'001)) - 1'000'000);
    factors.push_back(static_cast<float>(rng.Uniform()));
  }
  for (const float threshold : {-std::numeric_limits<float>::infinity(), 0.0F, 4e5F, 1e9F}) {
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < dots.size(); ++i) {
      if (static_cast<float>(dots[i]) * factors[i] >= threshold) expected.push_back(i);
    }
    std::vector<std::uint32_t> rows(dots.size());
    std::vector<float> scores(dots.size());
    rows.resize(GetParam().select(dots.data(), factors.data(), dots.size(), threshold, rows.data(),
                                  scores.data()));
    EXPECT_EQ(rows, expected);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(scores[i], static_cast<float>(dots[rows[i]]) * factors[rows[i]]);
    }
  }
}

TEST_P(Int8KernelTest, DoesNotSaturateAtTheExtremes) {
  ExpectExactForConstant(127, 127);
  ExpectExactForConstant(-127, 127);
  ExpectExactForConstant(127, -127);
  ExpectExactForConstant(-127, -127);
}

TEST_P(Int8KernelTest, DoesNotSaturateWhenSignsAlternate) {
  constexpr std::size_t kQuads = 16;
  std::vector<std::int8_t> rows(kQuads * kQuadBytes, 127);
  for (std::size_t i = 0; i < rows.size(); i += 2) rows[i] = -127;
  std::vector<std::int8_t> query(kQuads * kQuad, -127);
  for (std::size_t i = 0; i < query.size(); i += 2) query[i] = 127;
  ExpectExact(rows, 1, kQuads, query);
}

TEST_P(Int8KernelTest, TakesZerosForZeros) {
  ExpectExactForConstant(0, 127);
  ExpectExactForConstant(-127, 0);
}

TEST_P(Int8KernelTest, ReachesTheLargestDimensionWithoutOverflow) {
  constexpr std::size_t kQuads = kMaxDim / kQuad;
  ExpectExact(std::vector<std::int8_t>(kQuads * kQuadBytes, -127), 1, kQuads,
              std::vector<std::int8_t>(kQuads * kQuad, -127));
}

TEST_P(Int8KernelTest, GivesZeroForNoComponents) {
  std::vector<std::int32_t> out(kGroupRows, -1);
  const std::int8_t nothing = 0;
  GetParam().dot(&nothing, 1, 0, &nothing, 1, out.data());
  EXPECT_EQ(out, std::vector<std::int32_t>(kGroupRows, 0));
}

INSTANTIATE_TEST_SUITE_P(Supported, Int8KernelTest,
                         testing::ValuesIn(SupportedKernels().begin(), SupportedKernels().end()),
                         [](const auto& kernel) { return std::string(kernel.param.name); });

TEST(Int8KernelsTest, EveryMachineHasThePortableOne) {
  EXPECT_EQ(SupportedKernels().front().name, "portable");
}

TEST(QuantizeTest, UsesTheWholeRangeAndRoundsToNearest) {
  const std::vector<float> vector = {1.0F, -1.0F, 0.5F, 0.001F};
  std::vector<std::int8_t> codes(4);
  const float factor = Quantize(vector, codes);
  EXPECT_EQ(codes, (std::vector<std::int8_t>{127, -127, 64, 0}));
  EXPECT_FLOAT_EQ(factor, 1.0F / 127.0F);
}

TEST(QuantizeTest, FillsUpWithZeros) {
  std::vector<std::int8_t> codes(4, 9);
  Quantize(std::vector<float>{2.0F}, codes);
  EXPECT_EQ(codes, (std::vector<std::int8_t>{127, 0, 0, 0}));
}

TEST(QuantizeTest, AcceptsZerosAndTinyNumbers) {
  std::vector<std::int8_t> codes(2, 9);
  EXPECT_EQ(Quantize(std::vector<float>{0.0F, -0.0F}, codes), 0.0F);
  EXPECT_EQ(codes, (std::vector<std::int8_t>{0, 0}));
  Quantize(std::vector<float>{1e-45F, -3e-43F}, codes);
  EXPECT_LT(codes[1], -100);  // Not -127: so small a factor is itself rounded.
}

}  // namespace
}  // namespace twohop::ann_internal
