#include <algorithm>

#include "twohop/recall/channel.h"
#include "twohop/recall/interest_distance.h"
#include "twohop/recall/take_turns.h"

namespace twohop {
namespace {

// Categories that are looked at for each interest, at least: some have no item to show.
constexpr std::size_t kMinCategories = 32;

// Items of the categories in their order, at most `limit`.
std::vector<Candidate> ItemsOf(const ChannelInput& input, std::size_t interest,
                               std::span<const Neighbor> categories, std::size_t limit) {
  std::vector<Candidate> candidates;
  for (const Neighbor& near : categories) {
    const CategoryIndex category(near.item.value());
    if (std::binary_search(input.unwanted.begin(), input.unwanted.end(), category)) continue;
    for (const ItemIndex item : input.bundle.items_of(category)) {
      if (candidates.size() == limit) return candidates;
      if (input.left_out.contains(item)) continue;
      candidates.push_back({item, near.score, interest, std::nullopt});
    }
  }
  return candidates;
}

class InterestTextChannel final : public Channel {
 public:
  ChannelKind kind() const override { return ChannelKind::kInterestText; }

  Result<std::vector<Candidate>> Find(const ChannelInput& input, std::size_t limit,
                                      const TimeBudget& time) const override {
    TWOHOP_RETURN_IF_ERROR(time.Check());
    if (input.interests.empty()) return std::vector<Candidate>();
    Embeddings queries(input.bundle.category_vectors().dim());
    for (const LiveInterest& live : input.interests) queries.Append(live.interest->embedding);
    TWOHOP_ASSIGN_OR_RETURN(const auto found, input.bundle.category_index().Search(
                                                  queries, {.k = std::max(limit, kMinCategories),
                                                            .excluded = input.clicked_level1}));
    std::vector<std::vector<Candidate>> lists;
    for (std::size_t i = 0; i < found.size(); ++i) {
      lists.push_back(ItemsOf(input, input.interests[i].position, found[i], limit));
    }
    return recall_internal::TakeTurns(lists, limit);
  }

  std::string Reason(const ChannelInput& input, const Candidate& candidate) const override {
    return recall_internal::InterestReason(input, candidate);
  }
};

}  // namespace

std::unique_ptr<const Channel> MakeInterestTextChannel() {
  return std::make_unique<const InterestTextChannel>();
}

}  // namespace twohop
