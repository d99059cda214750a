#include <algorithm>

#include "twohop/recall/channel.h"

namespace twohop {
namespace {

// New items that are looked at, at least: the best of fewer would fit by accident.
constexpr std::size_t kMinPool = 200;

std::vector<ItemIndex> NewestShowable(const ChannelInput& input, std::size_t count) {
  std::vector<ItemIndex> items;
  for (const ItemIndex item : input.bundle.newest()) {
    if (items.size() == count) break;
    if (input.left_out.contains(item) || !input.bundle.catalog().at(item).available) continue;
    items.push_back(item);
  }
  return items;
}

class FreshChannel final : public Channel {
 public:
  ChannelKind kind() const override { return ChannelKind::kFresh; }

  Result<std::vector<Candidate>> Find(const ChannelInput& input, std::size_t limit,
                                      const TimeBudget& time) const override {
    const std::vector<ItemIndex> items = NewestShowable(input, std::max(limit, kMinPool));
    if (items.empty()) return std::vector<Candidate>();
    TWOHOP_ASSIGN_OR_RETURN(const Embeddings query,
                            input.bundle.user_encoder().EmbedUserPlain(input.user));
    TWOHOP_RETURN_IF_ERROR(time.Check());
    std::vector<Candidate> candidates;
    for (const ItemIndex item : items) {
      const float score = Dot(query.row(0), input.bundle.item_vectors().row(item.value()));
      candidates.push_back({item, score, std::nullopt, std::nullopt});
    }
    // Of two that fit alike the newer one comes first.
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
    if (candidates.size() > limit) candidates.resize(limit);
    return candidates;
  }

  std::string Reason(const ChannelInput& input, const Candidate&) const override {
    return input.user.history.empty() ? "new, and fits your profile"
                                      : "new, and fits what you clicked lately";
  }
};

}  // namespace

std::unique_ptr<const Channel> MakeFreshChannel() { return std::make_unique<const FreshChannel>(); }

}  // namespace twohop
