#include "twohop/experiment/latency_summary.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "twohop/experiment/percentile.h"

namespace twohop {

using std::chrono::nanoseconds;

LatencySummary SummarizeLatency(std::span<const nanoseconds> durations) {
  if (durations.empty()) return {};
  std::vector<nanoseconds> sorted(durations.begin(), durations.end());
  std::ranges::sort(sorted);
  return {.count = sorted.size(),
          .p50 = NearestRank<nanoseconds>(sorted, 0.50),
          .p95 = NearestRank<nanoseconds>(sorted, 0.95),
          .p99 = NearestRank<nanoseconds>(sorted, 0.99),
          .max = sorted.back()};
}

std::string FormatLatency(const LatencySummary& summary) {
  const auto milliseconds = [](nanoseconds duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
  };
  return fmt::format("p50 {:.2f} ms, p95 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms of {}",
                     milliseconds(summary.p50), milliseconds(summary.p95),
                     milliseconds(summary.p99), milliseconds(summary.max), summary.count);
}

}  // namespace twohop
