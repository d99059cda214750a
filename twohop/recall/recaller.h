// The online path: from a user's state to items.

#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/recall/bundle.h"
#include "twohop/recall/channel.h"
#include "twohop/recall/item_features.h"
#include "twohop/recall/merge.h"
#include "twohop/recall/recaller_options.h"
#include "twohop/userstate/user_state.h"

namespace twohop {

struct RecallRequest {
  std::size_t k = 20;  // Items wanted, in [1, RecallerOptions::max_k].
  // Instead of RecallerOptions::novelty_share; in [0, 1].
  std::optional<double> novelty_share{};
  std::vector<ItemId> exclude{};  // Not to be shown; ids that the catalogue lacks are ignored.
  // Fills the page from this channel alone, whatever its share and places.
  std::optional<ChannelKind> only{};
};

struct RecalledItem {
  ItemIndex item;                               // In the catalogue of the recaller's bundle.
  ChannelKind channel = ChannelKind::kPopular;  // Whose place it fills.
  std::vector<ChannelKind> also_found_by;       // Ascending.
  float score = 0.0F;                           // Of `channel`; see Candidate::score.
  bool novel = false;  // Its level-1 category is not among the user's last clicks (kClickWindow).
  // A position in user.interests->interests if `channel` is of IsNoveltyKind.
  std::optional<std::size_t> interest;
  std::string reason;  // Why, in words; UTF-8.

  friend bool operator==(const RecalledItem&, const RecalledItem&) = default;
};

// Why an answer is less than it could be.
enum class Degradation : std::uint8_t {
  kUnknownUser,        // Nothing is known about the user: popular items only.
  kNothingIsNew,       // Every level-1 category is among the user's last clicks.
  kNoInterests,        // Reasoning has not found latent interests for the user yet.
  kInterestsExpired,   // They are older than RecallerOptions::max_interest_age.
  kInterestsOutdated,  // None is left: since clicked or rejected, or from another taxonomy or text
                       // encoder.
  kNoClicks,           // No clicked item is known, so there is nothing to be similar to.
  kChannelFailed,      // A channel returned an error and was left out.
  kChannelLate,        // A channel was not done in its time and was left out.
  kShort,              // Fewer items than asked for.
};

std::string_view DegradationName(Degradation degradation);  // "unknown_user", …

struct ChannelReport {
  ChannelKind channel = ChannelKind::kNovelty;
  bool asked = false;     // False if its share is 0 or the user is unknown.
  std::size_t found = 0;  // Candidates that it returned.
  std::size_t shown = 0;  // Items of the answer that it fills.
  std::chrono::nanoseconds elapsed{0};
  std::optional<Error> error;  // Why it was left out.
};

struct RecallResponse {
  std::string bundle_version;
  std::vector<RecalledItem> items;                      // In the order in which to show them.
  std::array<ChannelReport, kChannelCount> channels{};  // By ChannelKind.
  std::vector<Degradation> degradations;                // Ascending, each once.

  bool degraded() const { return !degradations.empty(); }
};

struct FeatureResponse {
  std::string bundle_version;
  std::vector<ItemFeatures> items;        // One for each item of the request, in its order.
  std::vector<Degradation> degradations;  // Why no interest matches, if none can.
};

// Answers requests from one bundle. Deterministic: the same bundle, state, request and time of the
// clock give the same answer. Costs milliseconds, on the calling thread; touches no disk.
//
// Thread-safe. To serve the next bundle, make a new recaller and publish it in a Snapshot. `clock`
// must outlive the recaller.
class Recaller {
 public:
  // REQUIRES: options.Validate().
  Recaller(std::shared_ptr<const Bundle> bundle, const Clock& clock, RecallerOptions options = {});

  // The min(k, what there is) best items for the user: never one that is unavailable, clicked,
  // shown often enough or excluded, and none twice. Channels interleave by their shares and places
  // (Merge); where one has too few items, the next ones fill up. A user of whom nothing is known
  // gets popular items: pass a state with the id alone.
  //
  // Channels are asked one after another, in the order of ChannelKind. One that is not done in its
  // time is left out, and so are those that would start after the page's; popular items never are.
  //
  // Errors: kInvalidArgument if k or novelty_share is out of range. A channel that fails is left
  // out and reported, not an error.
  Result<RecallResponse> Recall(const UserState& user, const RecallRequest& request) const;

  // How the items meet the user's latent interests, whatever brought them. Items that recall would
  // leave out have features too.
  //
  // Errors: kInvalidArgument if there are more than max_k items; those of the model.
  Result<FeatureResponse> Features(const UserState& user, std::span<const ItemId> items) const;

  const Bundle& bundle() const { return *bundle_; }
  const std::shared_ptr<const Bundle>& shared_bundle() const { return bundle_; }
  const RecallerOptions& options() const { return options_; }

 private:
  Result<ChannelShares> SharesFor(const RecallRequest& request) const;
  std::vector<ChannelCandidates> Ask(const ChannelInput& input, const RecallRequest& request,
                                     const ChannelShares& shares, const TimeBudget& time,
                                     RecallResponse& response) const;
  void Fill(const ChannelInput& input, std::span<const ChannelCandidates> found, std::size_t k,
            RecallResponse& response) const;

  std::shared_ptr<const Bundle> bundle_;
  const Clock& clock_;
  RecallerOptions options_;
  std::vector<std::unique_ptr<const Channel>> channels_;  // By ChannelKind.
};

}  // namespace twohop
