#include <algorithm>

#include <fmt/format.h>

#include "twohop/recall/channel.h"
#include "twohop/recall/newest_clicked.h"

namespace twohop {
namespace {

// A click counts so much of the one after it.
constexpr float kOlderClickWeight = 0.9F;

// Every neighbour of every seed, with the seed's weight in its score.
std::vector<Candidate> CollectVotes(const ChannelInput& input, std::span<const ItemIndex> seeds) {
  std::vector<Candidate> votes;
  float weight = 1.0F;
  for (const ItemIndex seed : seeds) {
    for (const Neighbor& neighbor : input.bundle.co_clicks().of(seed)) {
      if (input.left_out.contains(neighbor.item)) continue;
      if (!input.bundle.catalog().at(neighbor.item).available) continue;
      votes.push_back({neighbor.item, weight * neighbor.score, std::nullopt, seed});
    }
    weight *= kOlderClickWeight;
  }
  return votes;
}

// One candidate an item: the sum of its votes, and the seed of the greatest one.
std::vector<Candidate> AddUp(std::vector<Candidate> votes) {
  std::sort(votes.begin(), votes.end(), [](const Candidate& a, const Candidate& b) {
    return a.item != b.item ? a.item < b.item : a.score > b.score;
  });
  std::vector<Candidate> sums;
  for (const Candidate& vote : votes) {
    if (!sums.empty() && sums.back().item == vote.item) {
      sums.back().score += vote.score;
    } else {
      sums.push_back(vote);
    }
  }
  return sums;
}

class CoClickChannel final : public Channel {
 public:
  explicit CoClickChannel(std::size_t seeds) : seeds_(seeds) {}

  ChannelKind kind() const override { return ChannelKind::kCoClick; }

  Result<std::vector<Candidate>> Find(const ChannelInput& input, std::size_t limit,
                                      const TimeBudget& time) const override {
    TWOHOP_RETURN_IF_ERROR(time.Check());
    const auto seeds = recall_internal::NewestClicked(input.user.history, seeds_);
    std::vector<Candidate> candidates = AddUp(CollectVotes(input, seeds));
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
    if (candidates.size() > limit) candidates.resize(limit);
    return candidates;
  }

  std::string Reason(const ChannelInput& input, const Candidate& candidate) const override {
    return fmt::format("clicked by those who clicked \"{}\"",
                       input.bundle.catalog().at(*candidate.seed).title);
  }

 private:
  std::size_t seeds_;
};

}  // namespace

std::unique_ptr<const Channel> MakeCoClickChannel(std::size_t seeds) {
  return std::make_unique<const CoClickChannel>(seeds);
}

}  // namespace twohop
