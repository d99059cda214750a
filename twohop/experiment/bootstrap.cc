#include "twohop/experiment/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "twohop/experiment/percentile.h"

namespace twohop {
namespace {

Status CheckOptions(const BootstrapOptions& options) {
  if (options.resamples == 0) return InvalidArgument("resamples must be at least 1");
  if (!(options.confidence > 0.0 && options.confidence < 1.0)) {
    return InvalidArgument("confidence must be in (0, 1)");
  }
  return Ok();
}

double Ratio(const Fraction& sum) {
  return sum.denominator == 0.0 ? 0.0 : sum.numerator / sum.denominator;
}

void Add(Fraction& sum, const Fraction& user) {
  sum.numerator += user.numerator;
  sum.denominator += user.denominator;
}

double RatioOf(std::span<const Fraction> users) {
  Fraction sum;
  for (const Fraction& user : users) Add(sum, user);
  return Ratio(sum);
}

double RatioOfResample(std::span<const Fraction> users, Rng& rng) {
  Fraction sum;
  for (std::size_t i = 0; i < users.size(); ++i) Add(sum, users[rng.Below(users.size())]);
  return Ratio(sum);
}

}  // namespace

Result<Interval> BootstrapRatio(std::span<const Fraction> users, const BootstrapOptions& options,
                                Rng& rng) {
  TWOHOP_RETURN_IF_ERROR(CheckOptions(options));
  if (users.empty()) return InvalidArgument("there are no users");
  for (const Fraction& user : users) {
    if (!std::isfinite(user.numerator) || !std::isfinite(user.denominator)) {
      return InvalidArgument("a user's value is not finite");
    }
  }
  std::vector<double> statistics;
  statistics.reserve(options.resamples);
  for (std::size_t i = 0; i < options.resamples; ++i) {
    statistics.push_back(RatioOfResample(users, rng));
  }
  std::ranges::sort(statistics);
  const double tail = (1.0 - options.confidence) / 2.0;
  return Interval{.estimate = RatioOf(users),
                  .low = NearestRank<double>(statistics, tail),
                  .high = NearestRank<double>(statistics, 1.0 - tail)};
}

Result<Interval> BootstrapMean(std::span<const double> values, const BootstrapOptions& options,
                               Rng& rng) {
  std::vector<Fraction> users;
  users.reserve(values.size());
  for (const double value : values) users.push_back({value, 1.0});
  return BootstrapRatio(users, options, rng);
}

}  // namespace twohop
