// The online path: from a user's state to items.

#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/recall/bundle.h"
#include "twohop/recall/channel.h"
#include "twohop/userstate/user_state.h"

namespace twohop {

// How much of an answer each channel may fill. Relative: only the ratios count. A channel with 0 is
// not asked, not even to fill up.
struct ChannelShares {
  double novelty = 0.4;
  double u2i = 0.3;
  double similar = 0.2;
  double popular = 0.1;

  // Novelty gets `share` of the answer, the others the rest in their default ratios. With 1 the
  // answer is the novelty channel's alone, with 0 that of the others.
  //
  // A share outside [0, 1] gives shares that Validate() refuses.
  static ChannelShares WithNovelty(double share);

  double of(ChannelKind channel) const;

  // Errors: kInvalidArgument if a share is negative, not finite or above a million, or all are 0.
  Status Validate() const;
};

struct RecallRequest {
  std::size_t k = 20;  // Items wanted, in [1, RecallerOptions::max_k].
  ChannelShares shares;
  std::vector<ItemId> exclude;  // Not to be shown; ids that the catalogue lacks are ignored.
};

struct RecalledItem {
  ItemIndex item;                               // In the catalogue of the recaller's bundle.
  ChannelKind channel = ChannelKind::kPopular;  // Whose place it fills.
  std::vector<ChannelKind> also_found_by;       // Ascending.
  float score = 0.0F;                           // Of `channel`; see Candidate::score.
  bool novel = false;  // Its level-1 category is not among the user's last clicks (kClickWindow).
  // A position in user.interests->interests if `channel` is kNovelty.
  std::optional<std::size_t> interest;
  std::string reason;  // Why, in words; UTF-8.

  friend bool operator==(const RecalledItem&, const RecalledItem&) = default;
};

// Why an answer is less than it could be.
enum class Degradation : std::uint8_t {
  kUnknownUser,        // Nothing is known about the user: popular items only.
  kNoInterests,        // Reasoning has not found latent interests for the user yet.
  kInterestsExpired,   // They are older than RecallerOptions::max_interest_age.
  kInterestsOutdated,  // None is left: since clicked or rejected, or from another taxonomy or text
                       // encoder.
  kNoClicks,           // No clicked item is known, so there is nothing to be similar to.
  kChannelFailed,      // A channel returned an error and was left out.
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

struct RecallerOptions {
  std::size_t max_k = 500;
  // Interests that were found longer ago are not served (design: hard TTL).
  std::chrono::days max_interest_age{7};
  // Most confident interests that are searched; each costs a tower forward and a search.
  std::size_t max_interests = 8;
  // Newest clicked items that the similar channel searches with.
  std::size_t similar_seeds = 10;
};

// Answers requests from one bundle. Deterministic: the same bundle, state, request and time of the
// clock give the same answer. Costs milliseconds, on the calling thread; touches no disk.
//
// Thread-safe. To serve the next bundle, make a new recaller and publish it in a Snapshot. `clock`
// must outlive the recaller.
class Recaller {
 public:
  Recaller(std::shared_ptr<const Bundle> bundle, const Clock& clock, RecallerOptions options = {});

  // The min(k, what there is) best items for the user: never one that is unavailable, clicked or
  // excluded, and none twice. Channels interleave in proportion to their shares; where one has too
  // few items, the next ones fill up. A user of whom nothing is known gets popular items: pass a
  // state with the id alone.
  //
  // Errors: kInvalidArgument if k is out of range or the shares are not valid. A channel that fails
  // is left out and reported, not an error.
  Result<RecallResponse> Recall(const UserState& user, const RecallRequest& request) const;

  const Bundle& bundle() const { return *bundle_; }
  const std::shared_ptr<const Bundle>& shared_bundle() const { return bundle_; }

 private:
  void Fill(const ChannelInput& input, std::size_t k, const ChannelShares& shares,
            RecallResponse& response) const;

  std::shared_ptr<const Bundle> bundle_;
  const Clock& clock_;
  RecallerOptions options_;
  std::vector<std::unique_ptr<const Channel>> channels_;  // By ChannelKind.
};

}  // namespace twohop
