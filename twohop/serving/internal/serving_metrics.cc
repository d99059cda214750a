#include "twohop/serving/internal/serving_metrics.h"

#include <prometheus/text_serializer.h>

namespace twohop::serving_internal {
namespace {

// Seconds. A recall takes milliseconds; what takes longer than the last is broken.
const prometheus::Histogram::BucketBoundaries kBuckets = {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02,
                                                          0.05,   0.1,   0.25,  1.0,   5.0};

template <typename T>
prometheus::Family<T>& AddFamily(prometheus::Registry& registry, const char* name,
                                 const char* help);

template <>
prometheus::Family<prometheus::Counter>& AddFamily(prometheus::Registry& registry, const char* name,
                                                   const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

template <>
prometheus::Family<prometheus::Gauge>& AddFamily(prometheus::Registry& registry, const char* name,
                                                 const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

template <>
prometheus::Family<prometheus::Histogram>& AddFamily(prometheus::Registry& registry,
                                                     const char* name, const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

}  // namespace

ServingMetrics::ServingMetrics()
    : requests_(AddFamily<Counter>(registry_, "twohop_http_requests_total",
                                   "Requests answered, by route and status")),
      seconds_(AddFamily<prometheus::Histogram>(registry_, "twohop_http_request_seconds",
                                                "Time to answer, without the network")),
      degraded_(AddFamily<Counter>(registry_, "twohop_recall_degradations_total",
                                   "Why answers were less than they could be")),
      events_(AddFamily<Counter>(registry_, "twohop_events_total", "Events received, by result")),
      recalls_(AddFamily<Counter>(registry_, "twohop_recalls_total", "Answers with items").Add({})),
      degraded_recalls_(AddFamily<Counter>(registry_, "twohop_recalls_degraded_total",
                                           "Answers that were degraded")
                            .Add({})),
      connections_(AddFamily<Gauge>(registry_, "twohop_http_connections",
                                    "Connections by state; all but open since the start")),
      ready_(AddFamily<Gauge>(registry_, "twohop_ready", "1 while a bundle is loaded").Add({})),
      reloads_(AddFamily<Gauge>(registry_, "twohop_config_reloads",
                                "Changes of the configuration since the start, by result")),
      config_current_(
          AddFamily<Gauge>(registry_, "twohop_config_current",
                           "0 while the file was refused and the configuration before it is served")
              .Add({})) {
  config_current_.Set(1);
  auto& items = AddFamily<Counter>(registry_, "twohop_recall_items_total",
                                   "Items served, by channel and by novelty to the user");
  for (std::size_t channel = 0; channel < kChannelCount; ++channel) {
    const std::string name(ChannelName(static_cast<ChannelKind>(channel)));
    items_[channel][0] = &items.Add({{"channel", name}, {"novel", "false"}});
    items_[channel][1] = &items.Add({{"channel", name}, {"novel", "true"}});
  }
}

void ServingMetrics::CountRequest(std::string_view route, unsigned status,
                                  std::chrono::nanoseconds took) {
  const prometheus::Labels labels = {{"route", std::string(route)},
                                     {"status", std::to_string(status)}};
  requests_.Add(labels).Increment();
  seconds_.Add(labels, kBuckets).Observe(std::chrono::duration<double>(took).count());
}

void ServingMetrics::CountRecall(const RecallResponse& response, bool user_state_failed) {
  recalls_.Increment();
  if (response.degraded() || user_state_failed) degraded_recalls_.Increment();
  if (user_state_failed) degraded_.Add({{"reason", "user_state_failed"}}).Increment();
  for (const Degradation degradation : response.degradations) {
    degraded_.Add({{"reason", std::string(DegradationName(degradation))}}).Increment();
  }
  for (const RecalledItem& item : response.items) {
    items_[static_cast<std::size_t>(item.channel)][item.novel ? 1 : 0]->Increment();
  }
}

void ServingMetrics::CountEvents(std::uint64_t appended, std::uint64_t duplicates,
                                 std::uint64_t rejected) {
  events_.Add({{"result", "appended"}}).Increment(static_cast<double>(appended));
  events_.Add({{"result", "duplicate"}}).Increment(static_cast<double>(duplicates));
  events_.Add({{"result", "rejected"}}).Increment(static_cast<double>(rejected));
}

void ServingMetrics::SetServer(const HttpServerStats& stats) {
  connections_.Add({{"state", "open"}}).Set(static_cast<double>(stats.open));
  connections_.Add({{"state", "accepted"}}).Set(static_cast<double>(stats.accepted));
  connections_.Add({{"state", "refused"}}).Set(static_cast<double>(stats.refused));
  connections_.Add({{"state", "malformed"}}).Set(static_cast<double>(stats.malformed));
  connections_.Add({{"state", "timed_out"}}).Set(static_cast<double>(stats.timed_out));
}

void ServingMetrics::SetReady(bool ready) { ready_.Set(ready ? 1 : 0); }

void ServingMetrics::SetConfig(const ConfigReloads& reloads) {
  reloads_.Add({{"result", "taken"}}).Set(static_cast<double>(reloads.taken));
  reloads_.Add({{"result", "refused"}}).Set(static_cast<double>(reloads.refused));
  config_current_.Set(reloads.is_current ? 1 : 0);
}

std::string ServingMetrics::Text() const {
  return prometheus::TextSerializer().Serialize(registry_.Collect());
}

}  // namespace twohop::serving_internal
