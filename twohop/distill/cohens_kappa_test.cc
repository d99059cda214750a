#include "twohop/distill/cohens_kappa.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop {
namespace {

using testing::DoubleEq;
using testing::DoubleNear;
using testing::Optional;

// Marginals 3, 3, 4 on both sides.
constexpr ScoreAgreement kMixed{{{2, 1, 0}, {0, 2, 1}, {1, 0, 3}}};

TEST(CohensKappaTest, ComparesAgreementWithChance) {
  // 0.7 observed, 0.09 + 0.09 + 0.16 = 0.34 by chance.
  EXPECT_THAT(CohensKappa(kMixed, KappaWeights::kNone), Optional(DoubleNear(0.36 / 0.66, 1e-12)));
  // 20 + 15 of 50 agree: 0.7 observed, 0.5 by chance.
  const ScoreAgreement two_scores{{{20, 5, 0}, {10, 15, 0}, {0, 0, 0}}};
  EXPECT_THAT(CohensKappa(two_scores, KappaWeights::kNone), Optional(DoubleNear(0.4, 1e-12)));
}

TEST(CohensKappaTest, QuadraticWeightsCountDistance) {
  // Observed 1 + 1 + 4 of 10; by chance (9 + 9 + 12 + 12 + 4 * 12 + 4 * 12) / 100.
  EXPECT_THAT(CohensKappa(kMixed, KappaWeights::kQuadratic),
              Optional(DoubleNear(1.0 - 0.6 / 1.38, 1e-12)));
  const ScoreAgreement near{{{5, 1, 0}, {0, 0, 0}, {0, 0, 5}}};
  const ScoreAgreement far{{{5, 0, 1}, {0, 0, 0}, {0, 0, 5}}};
  EXPECT_GT(*CohensKappa(near, KappaWeights::kQuadratic),
            *CohensKappa(far, KappaWeights::kQuadratic));
}

TEST(CohensKappaTest, IsOneForFullAgreementAndNegativeForFullDisagreement) {
  EXPECT_THAT(CohensKappa({{{4, 0, 0}, {0, 3, 0}, {0, 0, 2}}}, KappaWeights::kNone),
              Optional(DoubleEq(1.0)));
  EXPECT_THAT(CohensKappa({{{0, 0, 5}, {0, 0, 0}, {5, 0, 0}}}, KappaWeights::kQuadratic),
              Optional(DoubleEq(-1.0)));
}

TEST(CohensKappaTest, IsZeroIfTheJudgesAreIndependent) {
  const ScoreAgreement independent{{{1, 2, 3}, {2, 4, 6}, {3, 6, 9}}};
  EXPECT_THAT(CohensKappa(independent, KappaWeights::kNone), Optional(DoubleNear(0.0, 1e-12)));
  EXPECT_THAT(CohensKappa(independent, KappaWeights::kQuadratic), Optional(DoubleNear(0.0, 1e-12)));
}

TEST(CohensKappaTest, IsOneIfBothAlwaysGiveTheSameScore) {
  const ScoreAgreement constant{{{0, 0, 0}, {0, 0, 0}, {0, 0, 7}}};
  EXPECT_THAT(CohensKappa(constant, KappaWeights::kNone), Optional(DoubleEq(1.0)));
  EXPECT_THAT(CohensKappa(constant, KappaWeights::kQuadratic), Optional(DoubleEq(1.0)));
}

TEST(CohensKappaTest, IsZeroIfOneJudgeAlwaysSaysTheSame) {
  const ScoreAgreement one_constant{{{0, 0, 1}, {0, 0, 0}, {0, 0, 9}}};
  EXPECT_THAT(CohensKappa(one_constant, KappaWeights::kNone), Optional(DoubleNear(0.0, 1e-12)));
  EXPECT_THAT(CohensKappa(one_constant, KappaWeights::kQuadratic),
              Optional(DoubleNear(0.0, 1e-12)));
}

TEST(CohensKappaTest, IsNothingWithoutPairs) {
  EXPECT_EQ(CohensKappa({}, KappaWeights::kNone), std::nullopt);
}

}  // namespace
}  // namespace twohop
