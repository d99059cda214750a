// How far two judges agree beyond chance.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "twohop/distill/labels.h"

namespace twohop {

// Pairs of scores of the same things: counts[a][b] of them got `a` from the first judge and `b`
// from the second, both indexed by Score.
using ScoreAgreement = std::array<std::array<std::uint64_t, kScoreCount>, kScoreCount>;

enum class KappaWeights : std::uint8_t {
  kNone,       // Any two different scores disagree alike: w(a, b) = [a != b].
  kQuadratic,  // 0 against 2 is four times as bad as 0 against 1: w(a, b) = (a - b)^2.
};

// Cohen's kappa,
//   1 - sum w(a, b) o(a, b) / sum w(a, b) e(a, b),
// with o(a, b) the observed share of pairs, and e(a, b) = o(a, .) o(., b) the share to expect if
// the judges scored independently, each with its own habits. 1: they agree everywhere; 0: as often
// as by chance; below 0: less often. Symmetric in the judges.
//
// If both give one and the same score throughout, no disagreement is to be expected and none is
// there: 1. If only one of them does, it is 0, however often they agree: a judge that always says
// the same tells nothing. The rarer all scores but one, the lower kappa is for the same share of
// agreement; compare it on the same things only. Nothing if there are no pairs.
//
// Source: J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
// Measurement 20(1), 1960; J. Cohen, "Weighted kappa", Psychological Bulletin 70(4), 1968.
std::optional<double> CohensKappa(const ScoreAgreement& counts, KappaWeights weights);

}  // namespace twohop
