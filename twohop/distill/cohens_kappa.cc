#include "twohop/distill/cohens_kappa.h"

namespace twohop {
namespace {

double Weight(std::size_t a, std::size_t b, KappaWeights weights) {
  const double distance = static_cast<double>(a) - static_cast<double>(b);
  if (weights == KappaWeights::kQuadratic) return distance * distance;
  return a == b ? 0.0 : 1.0;
}

struct Totals {
  std::array<double, kScoreCount> first{};  // Of each score, by judge.
  std::array<double, kScoreCount> second{};
  double pairs = 0.0;
};

Totals AddUp(const ScoreAgreement& counts) {
  Totals totals;
  for (std::size_t a = 0; a < kScoreCount; ++a) {
    for (std::size_t b = 0; b < kScoreCount; ++b) {
      const auto count = static_cast<double>(counts[a][b]);
      totals.first[a] += count;
      totals.second[b] += count;
      totals.pairs += count;
    }
  }
  return totals;
}

}  // namespace

std::optional<double> CohensKappa(const ScoreAgreement& counts, KappaWeights weights) {
  const Totals totals = AddUp(counts);
  if (totals.pairs == 0.0) return std::nullopt;
  double observed = 0.0;  // Both are times the number of pairs.
  double expected = 0.0;
  for (std::size_t a = 0; a < kScoreCount; ++a) {
    for (std::size_t b = 0; b < kScoreCount; ++b) {
      const double weight = Weight(a, b, weights);
      observed += weight * static_cast<double>(counts[a][b]);
      expected += weight * totals.first[a] * totals.second[b] / totals.pairs;
    }
  }
  // Zero only if both judges gave one and the same score throughout.
  return expected == 0.0 ? 1.0 : 1.0 - observed / expected;
}

}  // namespace twohop
