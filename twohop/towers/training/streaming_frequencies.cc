#include "twohop/towers/training/streaming_frequencies.h"

#include <cmath>

namespace twohop::towers_internal {
namespace {

// Of the newest interval: smaller is steadier, larger follows a trend sooner.
constexpr float kRate = 0.05F;

}  // namespace

StreamingFrequencies::StreamingFrequencies(std::size_t items)
    : state_{{"stream.last_step", torch::zeros({static_cast<std::int64_t>(items)})},
             {"stream.interval", torch::zeros({static_cast<std::int64_t>(items)})}},
      last_step_(state_.at("stream.last_step").data_ptr<float>()),
      interval_(state_.at("stream.interval").data_ptr<float>()) {}

void StreamingFrequencies::Observe(std::size_t step, std::span<const std::int64_t> items) {
  const auto now = static_cast<float>(step + 1);  // Exact as a float up to 2^24 steps.
  for (const std::int64_t item : items) {
    if (last_step_[item] == now) continue;  // Again in the same batch.
    const float interval = now - last_step_[item];
    const bool is_first = last_step_[item] == 0;
    interval_[item] = is_first ? interval : (1 - kRate) * interval_[item] + kRate * interval;
    last_step_[item] = now;
  }
}

float StreamingFrequencies::LogFrequency(std::int64_t item) const {
  return interval_[item] == 0 ? 0.0F : -std::log(interval_[item]);
}

}  // namespace twohop::towers_internal
