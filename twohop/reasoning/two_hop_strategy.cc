#include "twohop/reasoning/two_hop_strategy.h"

namespace twohop {

std::string_view TwoHopStrategyName(TwoHopStrategy strategy) {
  switch (strategy) {
    case TwoHopStrategy::kFullTwoHop:
      return "full_two_hop";
    case TwoHopStrategy::kDemandSearch:
      return "demand_search";
    case TwoHopStrategy::kEmbeddingOnly:
      return "embedding_only";
    case TwoHopStrategy::kSharedEdges:
      return "shared_edges";
    case TwoHopStrategy::kHopByHop:
      return "hop_by_hop";
    case TwoHopStrategy::kInterestGpt:
      return "interest_gpt";
  }
  return "unknown";
}

std::optional<TwoHopStrategy> FindTwoHopStrategy(std::string_view name) {
  for (const auto strategy :
       {TwoHopStrategy::kFullTwoHop, TwoHopStrategy::kDemandSearch, TwoHopStrategy::kEmbeddingOnly,
        TwoHopStrategy::kSharedEdges, TwoHopStrategy::kHopByHop, TwoHopStrategy::kInterestGpt}) {
    if (TwoHopStrategyName(strategy) == name) return strategy;
  }
  return std::nullopt;
}

bool AsksChatModel(TwoHopStrategy strategy) {
  return strategy != TwoHopStrategy::kEmbeddingOnly && strategy != TwoHopStrategy::kSharedEdges;
}

bool NeedsEdges(TwoHopStrategy strategy) {
  return strategy == TwoHopStrategy::kSharedEdges || strategy == TwoHopStrategy::kInterestGpt;
}

}  // namespace twohop
