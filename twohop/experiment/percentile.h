// Percentiles by nearest rank.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "twohop/base/check.h"

namespace twohop {

// The smallest value that at least a share of `quantile` of all values does not exceed: always one
// of the values, never between two.
//
// REQUIRES: `sorted` is ascending and not empty; quantile in [0, 1].
template <typename Value>
Value NearestRank(std::span<const Value> sorted, double quantile) {
  TWOHOP_DCHECK(!sorted.empty() && quantile >= 0.0 && quantile <= 1.0);
  // The tolerance undoes rounding: 0.95 * 100 must give rank 95, not 96.
  const double rank = std::ceil(quantile * static_cast<double>(sorted.size()) - 1e-9);
  const auto place = static_cast<std::size_t>(std::max(rank, 1.0)) - 1;
  return sorted[std::min(place, sorted.size() - 1)];
}

}  // namespace twohop
