#include "twohop/ann/recall_monitor.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "twohop/ann/segment_search.h"
#include "twohop/base/check.h"

namespace twohop {
namespace {

Embeddings CopyOf(EmbeddingsView view) {
  Embeddings copy(view.rows(), view.dim());
  std::copy(view.data().begin(), view.data().end(), copy.mutable_data().begin());
  return copy;
}

// E. B. Wilson 1927.
void SetInterval(RecallEstimate& estimate) {
  constexpr double kZ = 1.959964;
  const auto n = static_cast<double>(estimate.queries);
  const double p = estimate.recall;
  const double center = (p + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half = kZ / (1 + kZ * kZ / n) * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  estimate.low = std::max(0.0, center - half);
  estimate.high = std::min(1.0, center + half);
}

}  // namespace

Status RecallMonitorOptions::Validate() const {
  if (!(share >= 0.0 && share <= 1.0)) {
    return InvalidArgument(fmt::format("share {} is not in [0, 1]", share));
  }
  if (max_waiting == 0) return InvalidArgument("max_waiting is 0");
  if (window == 0) return InvalidArgument("window is 0");
  return Ok();
}

RecallMonitor::RecallMonitor(const RecallMonitorOptions& options)
    : options_(options), rng_(options.seed) {
  TWOHOP_DCHECK(options.Validate().has_value());
}

void RecallMonitor::Offer(const std::shared_ptr<const AnnIndex>& index, EmbeddingsView queries,
                          const SearchOptions& options,
                          const std::vector<std::vector<Neighbor>>& found) {
  {
    MutexLock lock(mutex_);
    if (!rng_.Chance(options_.share)) return;
  }
  Sample sample{.index = index,
                .queries = CopyOf(queries),
                .k = options.k,
                .excluded = {options.excluded.begin(), options.excluded.end()},
                .found = found};
  MutexLock lock(mutex_);
  if (waiting_.size() < options_.max_waiting) {
    waiting_.push_back(std::move(sample));
  } else {
    ++dropped_;
  }
}

bool RecallMonitor::TakeOldest(Sample& sample) {
  MutexLock lock(mutex_);
  if (waiting_.empty()) return false;
  sample = std::move(waiting_.front());
  waiting_.pop_front();
  return true;
}

Result<bool> RecallMonitor::RunOnce() {
  Sample sample;
  if (!TakeOldest(sample)) return false;
  TWOHOP_ASSIGN_OR_RETURN(const auto expected,
                          sample.index->SearchExhaustively(
                              sample.queries, {.k = sample.k, .excluded = sample.excluded}));
  MutexLock lock(mutex_);
  for (std::size_t query = 0; query < std::min(expected.size(), sample.found.size()); ++query) {
    recalls_.push_back(ann_internal::RecallOf(expected[query], sample.found[query]));
    if (recalls_.size() > options_.window) recalls_.pop_front();
  }
  return true;
}

RecallEstimate RecallMonitor::estimate() const {
  MutexLock lock(mutex_);
  RecallEstimate estimate{.queries = recalls_.size(), .dropped = dropped_};
  if (recalls_.empty()) return estimate;
  estimate.recall =
      std::accumulate(recalls_.begin(), recalls_.end(), 0.0) / static_cast<double>(recalls_.size());
  SetInterval(estimate);
  return estimate;
}

}  // namespace twohop
