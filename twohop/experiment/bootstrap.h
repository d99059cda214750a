// How sure an average over users is.

#pragma once

#include <cstddef>
#include <span>

#include "twohop/base/result.h"
#include "twohop/base/rng.h"

namespace twohop {

struct BootstrapOptions {
  std::size_t resamples = 1'000;  // At least 1; the ends are rough below some 200.
  double confidence = 0.95;       // In (0, 1).
};

// An estimate and an interval around it that holds the true value with the confidence asked for.
struct Interval {
  double estimate = 0.0;  // From the sample itself.
  double low = 0.0;
  double high = 0.0;

  friend bool operator==(const Interval&, const Interval&) = default;
};

// One user's share of a ratio of sums: novel items / items.
struct Fraction {
  double numerator = 0.0;
  double denominator = 0.0;
};

// Percentile bootstrap (Efron 1979): users are drawn with replacement, as many as there are, and
// the ends are percentiles of the statistic over the resamples. Items of one user depend on each
// other; users do not, hence whole users are drawn. The same `rng` state gives the same interval.
// Takes O(resamples * users).
//
// Errors: kInvalidArgument if there are no users, a value is not finite, or an option is out of its
// range.

// Of the mean of one value a user. For the difference of two systems on the same users, pass the
// users' differences.
Result<Interval> BootstrapMean(std::span<const double> values, const BootstrapOptions& options,
                               Rng& rng);

// Of the sum of numerators over the sum of denominators; 0 where the latter is 0.
Result<Interval> BootstrapRatio(std::span<const Fraction> users, const BootstrapOptions& options,
                                Rng& rng);

}  // namespace twohop
