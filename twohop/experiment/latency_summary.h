// What a set of measured durations comes down to.

#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>

namespace twohop {

// Percentiles by nearest rank: each is a duration that occurred. All are 0 if there were none.
struct LatencySummary {
  std::size_t count = 0;
  std::chrono::nanoseconds p50{0};
  std::chrono::nanoseconds p95{0};
  std::chrono::nanoseconds p99{0};
  std::chrono::nanoseconds max{0};

  friend bool operator==(const LatencySummary&, const LatencySummary&) = default;
};

// `durations` come in any order.
LatencySummary SummarizeLatency(std::span<const std::chrono::nanoseconds> durations);

// "p50 1.23 ms, p95 2.40 ms, p99 3.00 ms, max 9.87 ms of 1000".
std::string FormatLatency(const LatencySummary& summary);

}  // namespace twohop
