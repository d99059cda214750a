#include "twohop/recall/recaller_options.h"

#include <set>

#include <fmt/format.h>

#include "twohop/userstate/user_state.h"

namespace twohop {
namespace {

constexpr double kMaxShare = 1e6;  // Keeps sums finite.

// Written so that NaN is outside.
bool IsIn(double value, double low, double high) { return value >= low && value <= high; }

Status CheckChannel(ChannelKind kind, const ChannelOptions& channel) {
  const auto wrong = [kind](std::string_view what) {
    return InvalidArgument(fmt::format("channel {}: {}", ChannelName(kind), what));
  };
  if (!IsIn(channel.share, 0.0, kMaxShare)) {
    return wrong(fmt::format("share is {}, not in [0, 1e6]", channel.share));
  }
  if (channel.seeds == 0 || channel.seeds > kClickWindow) {
    return wrong(fmt::format("seeds is {}, not in [1, {}]", channel.seeds, kClickWindow));
  }
  if (channel.deadline.count() < 0) return wrong("deadline is negative");
  const Status places = channel.places.Validate();
  return places.has_value() ? Ok() : wrong(places.error().message());
}

Status CheckPlacesAreFree(const RecallerOptions& options) {
  std::set<std::size_t> taken;
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    for (const std::size_t place : options.channels[i].places.places) {
      if (taken.insert(place).second) continue;
      return InvalidArgument(fmt::format("channel {}: place {} belongs to another channel already",
                                         ChannelName(static_cast<ChannelKind>(i)), place));
    }
  }
  return Ok();
}

}  // namespace

std::array<ChannelOptions, kChannelCount> RecallerOptions::DefaultChannels() {
  std::array<ChannelOptions, kChannelCount> channels{};
  const auto share_of = [&](ChannelKind kind) -> double& {
    return channels[static_cast<std::size_t>(kind)].share;
  };
  share_of(ChannelKind::kNovelty) = 1.0;
  share_of(ChannelKind::kU2i) = 0.3;
  share_of(ChannelKind::kSimilar) = 0.2;
  share_of(ChannelKind::kPopular) = 0.1;
  return channels;
}

Status RecallerOptions::Validate() const {
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    TWOHOP_RETURN_IF_ERROR(CheckChannel(static_cast<ChannelKind>(i), channels[i]));
  }
  TWOHOP_RETURN_IF_ERROR(CheckPlacesAreFree(*this));
  if (max_k == 0) return InvalidArgument("max_k is 0");
  if (!IsIn(diversity, 0.0, 1.0)) {
    return InvalidArgument(fmt::format("diversity is {}, not in [0, 1]", diversity));
  }
  if (max_interest_age.count() <= 0) return InvalidArgument("max_interest_age is not positive");
  if (exposure_pause.count() < 0) return InvalidArgument("exposure_pause is negative");
  if (deadline.count() < 0) return InvalidArgument("deadline is negative");
  TWOHOP_RETURN_IF_ERROR(SharesWith(novelty_share));
  return Ok();
}

Result<ChannelShares> RecallerOptions::SharesWith(double dose) const {
  if (!IsIn(dose, 0.0, 1.0)) {
    return InvalidArgument(fmt::format("novelty_share is {}, not in [0, 1]", dose));
  }
  double of_novelty = 0.0;
  double of_others = 0.0;
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    (IsNoveltyKind(static_cast<ChannelKind>(i)) ? of_novelty : of_others) += channels[i].share;
  }
  // Where no channel of novelty takes part the dose is 0.
  const double given = of_novelty == 0.0 ? 0.0 : dose;
  ChannelShares shares{};
  double sum = 0.0;
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    const bool novelty = IsNoveltyKind(static_cast<ChannelKind>(i));
    const double group = novelty ? of_novelty : of_others;
    if (group > 0.0) shares[i] = (novelty ? given : 1.0 - given) * channels[i].share / group;
    sum += shares[i];
  }
  if (sum == 0.0) {
    return InvalidArgument(
        fmt::format("with novelty_share {} no channel has a share of the page", dose));
  }
  return shares;
}

}  // namespace twohop
