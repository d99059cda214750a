#include "twohop/recall/channel.h"

#include <array>

#include "twohop/domain/interest_feedback.h"

namespace twohop {
namespace {

constexpr std::array<std::string_view, kChannelCount> kNames = {
    kNoveltyChannel, "interest_text", "u2i", "similar", "co_click", "popular", "fresh"};

}  // namespace

std::string_view ChannelName(ChannelKind channel) {
  return kNames[static_cast<std::size_t>(channel)];
}

std::optional<ChannelKind> FindChannel(std::string_view name) {
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    if (kNames[i] == name) return static_cast<ChannelKind>(i);
  }
  return std::nullopt;
}

}  // namespace twohop
