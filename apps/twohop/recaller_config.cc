#include "apps/twohop/recaller_config.h"

#include <chrono>
#include <optional>

#include "twohop/base/check.h"

namespace twohop::app {
namespace {

std::chrono::nanoseconds FromMilliseconds(double milliseconds) {
  return std::chrono::round<std::chrono::nanoseconds>(
      std::chrono::duration<double, std::milli>(milliseconds));
}

ChannelOptions ChannelOptionsFrom(const ChannelConfig& config) {
  ChannelOptions options;
  options.share = config.share;
  options.places.max_items = config.max_items;
  options.places.first_place = config.first_place;
  options.places.places.assign(config.places.begin(), config.places.end());
  options.deadline = FromMilliseconds(config.deadline_ms);
  options.seeds = config.seeds;
  return options;
}

}  // namespace

Result<RecallerOptions> RecallerOptionsFrom(const RecallConfig& config) {
  RecallerOptions options;
  options.novelty_share = config.novelty_share;
  options.max_interests = config.max_interests;
  options.max_interest_age = std::chrono::days(config.max_interest_age_days);
  options.exposure_pause = std::chrono::hours(config.exposure_pause_hours);
  options.max_exposures = config.max_exposures;
  options.diversity = config.diversity;
  options.deadline = FromMilliseconds(config.deadline_ms);
  for (const ChannelConfig& channel : config.channels) {
    const auto kind = FindChannel(channel.name);
    TWOHOP_CHECK(kind.has_value());  // ParseConfig knows the same names.
    options.of(*kind) = ChannelOptionsFrom(channel);
  }
  TWOHOP_RETURN_IF_ERROR(options.Validate());
  return options;
}

}  // namespace twohop::app
