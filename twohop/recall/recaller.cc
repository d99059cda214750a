#include "twohop/recall/recaller.h"

#include <utility>

#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/recall/candidate_queue.h"
#include "twohop/recall/channel_input.h"
#include "twohop/recall/feature_calculator.h"

namespace twohop {
namespace {

using recall_internal::IsNovel;
using recall_internal::IsUnknown;
using recall_internal::MakeUserInput;
using recall_internal::UserInput;

constexpr std::array<std::string_view, 9> kDegradationNames = {
    "unknown_user",      "nothing_is_new",     "no_interests",
    "interests_expired", "interests_outdated", "no_clicks",
    "channel_failed",    "channel_late",       "short"};

// Candidates of a channel, and the report of how they were had.
std::vector<Candidate> AskChannel(const Channel& channel, const ChannelInput& input,
                                  std::size_t limit, const TimeBudget& time, const Clock& clock,
                                  ChannelReport& report) {
  const Stopwatch stopwatch(clock);
  report.asked = true;
  auto found = time.passed() ? DeadlineExceeded("the page's time was over before it was asked")
                             : channel.Find(input, limit, time);
  report.elapsed = stopwatch.elapsed();
  if (!found.has_value()) {
    report.error = std::move(found).error();
    return {};
  }
  report.found = found->size();
  return *std::move(found);
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

template <typename... Kinds>
bool Asked(const RecallResponse& response, Kinds... channels) {
  return (response.channels[static_cast<std::size_t>(channels)].asked || ...);
}

bool IsLate(const Error& error) { return error.code() == ErrorCode::kDeadlineExceeded; }

void AddLeftOutChannels(const RecallResponse& response, std::vector<Degradation>& degradations) {
  bool failed = false;
  bool late = false;
  for (const ChannelReport& report : response.channels) {
    if (report.error.has_value()) (IsLate(*report.error) ? late : failed) = true;
  }
  if (failed) degradations.push_back(Degradation::kChannelFailed);
  if (late) degradations.push_back(Degradation::kChannelLate);
}

// Ascending. What a channel lacks counts only if that channel was asked.
std::vector<Degradation> DegradationsOf(const UserInput& input, bool unknown, std::size_t k,
                                        const RecallResponse& response) {
  std::vector<Degradation> degradations;
  if (unknown) degradations.push_back(Degradation::kUnknownUser);
  if (input.missing_interests.has_value() &&
      Asked(response, ChannelKind::kNovelty, ChannelKind::kInterestText)) {
    degradations.push_back(*input.missing_interests);
  }
  if (input.channels.user.history.empty() &&
      Asked(response, ChannelKind::kSimilar, ChannelKind::kCoClick)) {
    degradations.push_back(Degradation::kNoClicks);
  }
  AddLeftOutChannels(response, degradations);
  if (response.items.size() < k) degradations.push_back(Degradation::kShort);
  return degradations;
}

}  // namespace

std::string_view DegradationName(Degradation degradation) {
  return kDegradationNames[static_cast<std::size_t>(degradation)];
}

Recaller::Recaller(std::shared_ptr<const Bundle> bundle, const Clock& clock,
                   RecallerOptions options)
    : bundle_(std::move(bundle)), clock_(clock), options_(std::move(options)) {
  TWOHOP_CHECK(options_.Validate().has_value());
  channels_.push_back(MakeNoveltyChannel());
  channels_.push_back(MakeInterestTextChannel());
  channels_.push_back(MakeU2iChannel());
  channels_.push_back(MakeSimilarChannel(options_.of(ChannelKind::kSimilar).seeds));
  channels_.push_back(MakeCoClickChannel(options_.of(ChannelKind::kCoClick).seeds));
  channels_.push_back(MakePopularChannel());
  channels_.push_back(MakeFreshChannel());
}

Result<RecallResponse> Recaller::Recall(const UserState& user, const RecallRequest& asked) const {
  const TimeBudget time(clock_, options_.deadline);
  if (asked.k == 0 || asked.k > options_.max_k) {
    return InvalidArgument(fmt::format("k is {}, not in [1, {}]", asked.k, options_.max_k));
  }
  RecallRequest request = asked;
  const bool unknown = IsUnknown(user);
  if (unknown) request.only = ChannelKind::kPopular;
  TWOHOP_ASSIGN_OR_RETURN(const ChannelShares shares, SharesFor(request));
  RecallResponse response;
  response.bundle_version = bundle_->version();
  const UserInput input = MakeUserInput(*bundle_, user, request.exclude, options_, clock_.Now());
  const auto found = Ask(input.channels, request, shares, time, response);
  Fill(input.channels, found, request.k, response);
  response.degradations = DegradationsOf(input, unknown, request.k, response);
  return response;
}

Result<FeatureResponse> Recaller::Features(const UserState& user,
                                           std::span<const ItemId> items) const {
  if (items.size() > options_.max_k) {
    return InvalidArgument(fmt::format("{} items; at most {}", items.size(), options_.max_k));
  }
  const UserInput input = MakeUserInput(*bundle_, user, {}, options_, clock_.Now());
  FeatureResponse response;
  response.bundle_version = bundle_->version();
  TWOHOP_ASSIGN_OR_RETURN(response.items,
                          recall_internal::CalculateFeatures(input.channels, items));
  if (IsUnknown(user)) {
    response.degradations = {Degradation::kUnknownUser};
  } else if (input.missing_interests.has_value()) {
    response.degradations = {*input.missing_interests};
  }
  return response;
}

// A request for one channel alone is checked like any other.
Result<ChannelShares> Recaller::SharesFor(const RecallRequest& request) const {
  TWOHOP_ASSIGN_OR_RETURN(
      ChannelShares shares,
      options_.SharesWith(request.novelty_share.value_or(options_.novelty_share)));
  if (request.only.has_value()) {
    shares = {};
    shares[static_cast<std::size_t>(*request.only)] = 1.0;
  }
  return shares;
}

std::vector<ChannelCandidates> Recaller::Ask(const ChannelInput& input,
                                             const RecallRequest& request,
                                             const ChannelShares& shares, const TimeBudget& time,
                                             RecallResponse& response) const {
  // Something to choose from for the last place too.
  const std::size_t limit =
      request.k + (options_.diversity > 0.0 ? recall_internal::kDiversityWindow : 0);
  std::vector<ChannelCandidates> found;
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    const auto kind = static_cast<ChannelKind>(i);
    const ChannelOptions& options = options_.channels[i];
    response.channels[i].channel = kind;
    if (shares[i] == 0.0) continue;
    // Popular items cost next to nothing, and without them a late page might be empty.
    const TimeBudget its_time = kind == ChannelKind::kPopular
                                    ? TimeBudget()
                                    : time.And(TimeBudget(clock_, options.deadline));
    found.push_back(
        {kind, shares[i],
         AskChannel(*channels_[i], input, limit, its_time, clock_, response.channels[i]),
         request.only.has_value() ? PlaceRules() : options.places});
  }
  return found;
}

void Recaller::Fill(const ChannelInput& input, std::span<const ChannelCandidates> found,
                    std::size_t k, RecallResponse& response) const {
  const MergeOptions options{.diversity = options_.diversity,
                             .item_vectors = bundle_->item_vectors()};
  for (MergedItem& merged : Merge(found, k, options)) {
    const auto channel = static_cast<std::size_t>(merged.channel);
    ++response.channels[channel].shown;
    response.items.push_back(ToRecalled(input, *channels_[channel], std::move(merged)));
  }
}

}  // namespace twohop
