// What the API counts.

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "twohop/recall/recaller.h"
#include "twohop/serving/config_reloads.h"
#include "twohop/serving/http_server.h"

namespace twohop::serving_internal {

// Counters since the start. The novelty rate of what is served is
// twohop_recall_items_total{novel="true"} over all of twohop_recall_items_total.
//
// Thread-safe.
class ServingMetrics {
 public:
  ServingMetrics();

  void CountRequest(std::string_view route, unsigned status, std::chrono::nanoseconds took);
  void CountRecall(const RecallResponse& response, bool user_state_failed);
  void CountEvents(std::uint64_t appended, std::uint64_t duplicates, std::uint64_t rejected);
  void SetServer(const HttpServerStats& stats);
  void SetReady(bool ready);
  void SetConfig(const ConfigReloads& reloads);

  // In the text format of Prometheus.
  std::string Text() const;

 private:
  using Counter = prometheus::Counter;
  using Gauge = prometheus::Gauge;

  // By channel, not novel and novel.
  using ItemCounters = std::array<std::array<Counter*, 2>, kChannelCount>;

  prometheus::Registry registry_;
  prometheus::Family<Counter>& requests_;
  prometheus::Family<prometheus::Histogram>& seconds_;
  prometheus::Family<Counter>& degraded_;
  prometheus::Family<Counter>& events_;
  Counter& recalls_;
  Counter& degraded_recalls_;
  ItemCounters items_{};
  prometheus::Family<Gauge>& connections_;
  Gauge& ready_;
  prometheus::Family<Gauge>& reloads_;
  Gauge& config_current_;
};

inline constexpr std::string_view kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace twohop::serving_internal
