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
#include "twohop/towers/two_tower.h"

namespace twohop {

// In order of precedence: the earlier one keeps an item that two would show at the same position.
enum class ChannelKind : std::uint8_t {
  kNovelty,  // What the user's latent interests point to.
  kU2i,      // What fits the user as a whole.
  kSimilar,  // What is like the items that the user clicked lately.
  kPopular,  // What everyone clicks.
};
inline constexpr std::size_t kChannelCount = 4;

std::string_view ChannelName(ChannelKind channel);  // "novelty", "u2i", "similar", "popular"
std::optional<ChannelKind> FindChannel(std::string_view name);

// An item on its way to the user.
struct Candidate {
  ItemIndex item;
  float score = 0.0F;  // Larger is better; comparable within one channel's answer alone.
  // Which of the user's interests found it, a position in InterestSet::interests; kNovelty alone.
  std::optional<std::size_t> interest;
  // The clicked item that it is like; kSimilar alone.
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
  std::unordered_set<ItemIndex> left_out;  // Never to be shown: clicked, or excluded by the caller.
  std::vector<CategoryIndex> unwanted;     // Ascending; not to be shown by kNovelty.
};

// Implementations are immutable and thread-safe.
class Channel {
 public:
  virtual ~Channel() = default;

  virtual ChannelKind kind() const = 0;

  // At most `limit` available items outside input.left_out, each once, best first; deterministic.
  // Empty if the input has nothing for this channel to go by.
  //
  // Errors: those of the model and of the index.
  virtual Result<std::vector<Candidate>> Find(const ChannelInput& input,
                                              std::size_t limit) const = 0;

  // Why the user is shown this candidate, in words. REQUIRES: Find(input, …) returned it.
  virtual std::string Reason(const ChannelInput& input, const Candidate& candidate) const = 0;
};

// Searches the level-1 category of each interest with the user's vector under that interest, and
// takes turns between the interests. Items of the interest's own category come first, then those of
// the same level 2, then the rest of the level 1, each by descending score. Items of unwanted
// categories are left out.
std::unique_ptr<const Channel> MakeNoveltyChannel();

// Searches everything with the user's plain vector.
std::unique_ptr<const Channel> MakeU2iChannel();

// Searches everything with the vectors of the `seeds` newest clicked items, and takes turns between
// them.
std::unique_ptr<const Channel> MakeSimilarChannel(std::size_t seeds);

std::unique_ptr<const Channel> MakePopularChannel();

}  // namespace twohop
