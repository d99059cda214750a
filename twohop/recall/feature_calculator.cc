#include "twohop/recall/feature_calculator.h"

#include <algorithm>
#include <unordered_map>

#include "twohop/recall/channel_input.h"

namespace twohop::recall_internal {
namespace {

class FeatureCalculator {
 public:
  FeatureCalculator(const ChannelInput& input, const Embeddings& plain, const Embeddings& users)
      : input_(input), plain_(plain), users_(users) {}

  ItemFeatures Of(ItemIndex item) {
    ItemFeatures features{.item = item};
    features.novel = IsNovel(input_, item);
    features.u2i_score = Dot(plain_.row(0), VectorOf(item));
    if (input_.interests.empty()) return features;
    const std::vector<float>& text = TextScores(input_.bundle.catalog().at(item).category);
    features.text_match = *std::max_element(text.begin(), text.end());
    features.match = BestMatch(item, text);
    return features;
  }

 private:
  std::span<const float> VectorOf(ItemIndex item) const {
    return input_.bundle.item_vectors().row(item.value());
  }

  // Of each interest. Items of a page share few categories, and text vectors are long.
  const std::vector<float>& TextScores(CategoryIndex category) {
    const auto [known, is_new] = text_scores_.try_emplace(category);
    if (is_new) {
      const auto vector = input_.bundle.category_vectors().row(category.value());
      for (const LiveInterest& live : input_.interests) {
        known->second.push_back(Dot(live.interest->embedding, vector));
      }
    }
    return known->second;
  }

  InterestMatch BestMatch(ItemIndex item, std::span<const float> text) const {
    InterestMatch best;
    for (std::size_t rank = 0; rank < input_.interests.size(); ++rank) {
      const float score = Dot(users_.row(rank), VectorOf(item));
      if (rank > 0 && score <= best.score) continue;
      const LiveInterest& live = input_.interests[rank];
      best = {live.position, rank, live.interest->confidence, score, text[rank]};
    }
    return best;
  }

  const ChannelInput& input_;
  const Embeddings& plain_;
  const Embeddings& users_;  // Row i of input_.interests[i].
  std::unordered_map<CategoryIndex, std::vector<float>> text_scores_;
};

}  // namespace

Result<std::vector<ItemFeatures>> CalculateFeatures(const ChannelInput& input,
                                                    std::span<const ItemId> items) {
  const UserEncoder& encoder = input.bundle.user_encoder();
  TWOHOP_ASSIGN_OR_RETURN(const Embeddings plain, encoder.EmbedUserPlain(input.user));
  TWOHOP_ASSIGN_OR_RETURN(const Embeddings users, EmbedInterests(input));
  FeatureCalculator calculator(input, plain, users);
  std::vector<ItemFeatures> features;
  for (const ItemId& id : items) {
    const auto item = input.bundle.catalog().Find(id.value());
    features.push_back(item.has_value() ? calculator.Of(*item) : ItemFeatures{});
  }
  return features;
}

}  // namespace twohop::recall_internal
