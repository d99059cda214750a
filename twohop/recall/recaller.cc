#include "twohop/recall/recaller.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "twohop/recall/channel_input.h"
#include "twohop/recall/merge.h"

namespace twohop {
namespace {

using recall_internal::IsUnknown;
using recall_internal::MakeUserInput;
using recall_internal::UserInput;

constexpr ChannelShares kOnlyPopular{0.0, 0.0, 0.0, 1.0};

constexpr std::array<std::string_view, 7> kDegradationNames = {
    "unknown_user",   "no_interests", "interests_expired", "interests_outdated", "no_clicks",
    "channel_failed", "short"};

// Candidates of a channel, and the report of how they were had.
std::vector<Candidate> Ask(const Channel& channel, const ChannelInput& input, std::size_t k,
                           const Clock& clock, ChannelReport& report) {
  const Stopwatch stopwatch(clock);
  auto found = channel.Find(input, k);
  report.asked = true;
  report.elapsed = stopwatch.elapsed();
  if (!found.has_value()) {
    report.error = std::move(found).error();
    return {};
  }
  report.found = found->size();
  return *std::move(found);
}

bool IsNovel(const ChannelInput& input, ItemIndex item) {
  return !std::binary_search(input.clicked_level1.begin(), input.clicked_level1.end(),
                             input.bundle.catalog().level1_of(item));
}

RecalledItem ToRecalled(const ChannelInput& input, const Channel& channel, MergedItem merged) {
  RecalledItem recalled;
  recalled.item = merged.candidate.item;
  recalled.channel = merged.channel;
  recalled.also_found_by = std::move(merged.also_found_by);
  recalled.score = merged.candidate.score;
  recalled.novel = IsNovel(input, merged.candidate.item);
  recalled.interest = merged.candidate.interest;
  recalled.reason = channel.Reason(input, merged.candidate);
  return recalled;
}

bool Asked(const RecallResponse& response, ChannelKind channel) {
  return response.channels[static_cast<std::size_t>(channel)].asked;
}

// Ascending. What a channel lacks counts only if that channel was asked.
std::vector<Degradation> DegradationsOf(const UserInput& input, bool unknown, std::size_t k,
                                        const RecallResponse& response) {
  std::vector<Degradation> degradations;
  if (unknown) degradations.push_back(Degradation::kUnknownUser);
  if (input.missing_interests.has_value() && Asked(response, ChannelKind::kNovelty)) {
    degradations.push_back(*input.missing_interests);
  }
  if (input.channels.user.history.empty() && Asked(response, ChannelKind::kSimilar)) {
    degradations.push_back(Degradation::kNoClicks);
  }
  if (std::any_of(response.channels.begin(), response.channels.end(),
                  [](const ChannelReport& report) { return report.error.has_value(); })) {
    degradations.push_back(Degradation::kChannelFailed);
  }
  if (response.items.size() < k) degradations.push_back(Degradation::kShort);
  return degradations;
}

}  // namespace

std::string_view DegradationName(Degradation degradation) {
  return kDegradationNames[static_cast<std::size_t>(degradation)];
}

ChannelShares ChannelShares::WithNovelty(double share) {
  const ChannelShares usual;
  const double rest = usual.u2i + usual.similar + usual.popular;
  const double scale = (1.0 - share) / rest;
  return {share, usual.u2i * scale, usual.similar * scale, usual.popular * scale};
}

double ChannelShares::of(ChannelKind channel) const {
  switch (channel) {
    case ChannelKind::kNovelty:
      return novelty;
    case ChannelKind::kU2i:
      return u2i;
    case ChannelKind::kSimilar:
      return similar;
    case ChannelKind::kPopular:
      return popular;
  }
  return 0.0;
}

Status ChannelShares::Validate() const {
  double sum = 0.0;
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    const auto channel = static_cast<ChannelKind>(i);
    // Written so that NaN fails it; the upper bound keeps the sum finite.
    if (!(of(channel) >= 0.0 && of(channel) <= 1e6)) {
      return InvalidArgument(
          fmt::format("the share of channel {} is {}", ChannelName(channel), of(channel)));
    }
    sum += of(channel);
  }
  if (sum == 0.0) return InvalidArgument("the shares of all channels are 0");
  return Ok();
}

Recaller::Recaller(std::shared_ptr<const Bundle> bundle, const Clock& clock,
                   RecallerOptions options)
    : bundle_(std::move(bundle)), clock_(clock), options_(options) {
  channels_.push_back(MakeNoveltyChannel());
  channels_.push_back(MakeU2iChannel());
  channels_.push_back(MakeSimilarChannel(options.similar_seeds));
  channels_.push_back(MakePopularChannel());
}

Result<RecallResponse> Recaller::Recall(const UserState& user, const RecallRequest& request) const {
  if (request.k == 0 || request.k > options_.max_k) {
    return InvalidArgument(fmt::format("k is {}, not in [1, {}]", request.k, options_.max_k));
  }
  TWOHOP_RETURN_IF_ERROR(request.shares.Validate());
  RecallResponse response;
  response.bundle_version = bundle_->version();
  const UserInput input = MakeUserInput(*bundle_, user, request.exclude, options_, clock_.Now());
  const bool unknown = IsUnknown(user);
  Fill(input.channels, request.k, unknown ? kOnlyPopular : request.shares, response);
  response.degradations = DegradationsOf(input, unknown, request.k, response);
  return response;
}

void Recaller::Fill(const ChannelInput& input, std::size_t k, const ChannelShares& shares,
                    RecallResponse& response) const {
  std::vector<ChannelCandidates> found;
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    const auto kind = static_cast<ChannelKind>(i);
    response.channels[i].channel = kind;
    if (shares.of(kind) == 0.0) continue;
    found.push_back(
        {kind, shares.of(kind), Ask(*channels_[i], input, k, clock_, response.channels[i])});
  }
  for (MergedItem& merged : Merge(found, k)) {
    const auto channel = static_cast<std::size_t>(merged.channel);
    ++response.channels[channel].shown;
    response.items.push_back(ToRecalled(input, *channels_[channel], std::move(merged)));
  }
}

}  // namespace twohop
