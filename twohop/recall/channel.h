// Sources of candidates.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/ids.h"
#include "twohop/domain/latent_interest.h"
#include "twohop/recall/bundle.h"
#include "twohop/recall/time_budget.h"
#include "twohop/towers/two_tower.h"

namespace twohop {

// In order of precedence: the earlier one keeps an item that two would show at the same position.
enum class ChannelKind : std::uint8_t {
  kNovelty,       // What the user's latent interests point to.
  kInterestText,  // Likewise, by the text of the interests alone: the baseline without a tower.
  kU2i,           // What fits the user as a whole.
  kSimilar,       // What is like the items that the user clicked lately.
  kCoClick,       // What was clicked by those who clicked these items.
  kPopular,       // What everyone clicks.
  kFresh,         // What is new in the catalogue and fits the user.
};
inline constexpr std::size_t kChannelCount = 7;

// "novelty", "interest_text", "u2i", "similar", "co_click", "popular", "fresh"
std::string_view ChannelName(ChannelKind channel);
std::optional<ChannelKind> FindChannel(std::string_view name);

// True for the channels that show nothing but categories that are new to the user.
constexpr bool IsNoveltyKind(ChannelKind channel) {
  return channel == ChannelKind::kNovelty || channel == ChannelKind::kInterestText;
}

// An item on its way to the user.
struct Candidate {
  ItemIndex item;
  float score = 0.0F;  // Larger is better; comparable within one channel's answer alone.
  // Which of the user's interests found it, a position in InterestSet::interests; of IsNoveltyKind
  // alone.
  std::optional<std::size_t> interest;
  // The clicked item that it goes by; kSimilar and kCoClick alone.
  std::optional<ItemIndex> seed;

  friend bool operator==(const Candidate&, const Candidate&) = default;
};

// A latent interest that can be served: it belongs to the bundle, is still new to the user, and the
// user has nothing against it.
struct LiveInterest {
  std::size_t position = 0;  // In InterestSet::interests.
  const LatentInterest* interest = nullptr;
  CategoryIndex category;
  Level1Index level1;
};

// What the channels see of one request. Borrows; lives for one call of Recaller::Recall.
struct ChannelInput {
  const Bundle& bundle;
  UserFeatures user;                        // With the clicks that the catalogue knows.
  std::vector<Level1Index> clicked_level1;  // Ascending, each once.
  std::vector<LiveInterest> interests;      // Most confident first.
  // Never to be shown: clicked, shown often enough, or excluded by the caller.
  std::unordered_set<ItemIndex> left_out;
  std::vector<CategoryIndex> unwanted;  // Ascending; not to be shown by IsNoveltyKind.
};

// Implementations are immutable and thread-safe.
class Channel {
 public:
  virtual ~Channel() = default;

  virtual ChannelKind kind() const = 0;

  // At most `limit` available items outside input.left_out, each once, best first; deterministic.
  // Empty if the input has nothing for this channel to go by. Looks at `time` between its steps.
  //
  // Errors: those of the model and of the index; kDeadlineExceeded if there is work left when the
  // time has passed.
  virtual Result<std::vector<Candidate>> Find(const ChannelInput& input, std::size_t limit,
                                              const TimeBudget& time) const = 0;
  Result<std::vector<Candidate>> Find(const ChannelInput& input, std::size_t limit) const {
    return Find(input, limit, TimeBudget());
  }

  // Why the user is shown this candidate, in words. REQUIRES: Find(input, …) returned it.
  virtual std::string Reason(const ChannelInput& input, const Candidate& candidate) const = 0;
};

// Searches the level-1 category of each interest with the user's vector under that interest, and
// takes turns between the interests. Items of the interest's own category come first, then those of
// the same level 2, then the rest of the level 1, each by descending score. Items of unwanted
// categories are left out.
std::unique_ptr<const Channel> MakeNoveltyChannel();

// Searches the text vectors of the categories that are new to the user with that of each interest,
// and takes turns between the interests: items of the nearest category first, the most popular ones
// of a category first. The raw text search that the paper compares with.
std::unique_ptr<const Channel> MakeInterestTextChannel();

// Searches everything with the user's plain vector.
std::unique_ptr<const Channel> MakeU2iChannel();

// Searches everything with the vectors of the `seeds` newest clicked items, and takes turns between
// them.
std::unique_ptr<const Channel> MakeSimilarChannel(std::size_t seeds);

// Adds up the co-click neighbours of the `seeds` newest clicked items, older clicks counting less.
std::unique_ptr<const Channel> MakeCoClickChannel(std::size_t seeds);

std::unique_ptr<const Channel> MakePopularChannel();

// Of the newest items, 200 at least, those that fit the user's plain vector best.
std::unique_ptr<const Channel> MakeFreshChannel();

}  // namespace twohop
