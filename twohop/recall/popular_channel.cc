#include "twohop/recall/channel.h"

namespace twohop {
namespace {

class PopularChannel final : public Channel {
 public:
  ChannelKind kind() const override { return ChannelKind::kPopular; }

  Result<std::vector<Candidate>> Find(const ChannelInput& input, std::size_t limit,
                                      const TimeBudget&) const override {
    std::vector<Candidate> candidates;
    const auto popularity = input.bundle.popularity();
    for (std::size_t rank = 0; rank < popularity.size() && candidates.size() < limit; ++rank) {
      const ItemIndex item = popularity[rank];
      if (input.left_out.contains(item) || !input.bundle.catalog().at(item).available) continue;
      candidates.push_back({item, ScoreOf(rank), std::nullopt, std::nullopt});
    }
    return candidates;
  }

  std::string Reason(const ChannelInput&, const Candidate&) const override {
    return "popular with everyone";
  }

 private:
  // 1, 1/2, 1/3, ...: a bundle keeps the order, not the counts.
  static float ScoreOf(std::size_t rank) { return 1.0F / static_cast<float>(rank + 1); }
};

}  // namespace

std::unique_ptr<const Channel> MakePopularChannel() {
  return std::make_unique<const PopularChannel>();
}

}  // namespace twohop
