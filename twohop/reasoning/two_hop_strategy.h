// The ways from searches to proposals, by name.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace twohop {

enum class TwoHopStrategy : std::uint8_t {
  // The model names demands and categories in one answer. For models that know what people need.
  kFullTwoHop,
  // The model names a demand for each search, and the taxonomy is searched for it. For small models
  // as they come.
  kDemandSearch,
  // No model: searches are their own demands. The baseline.
  kEmbeddingOnly,
  // No model at run time: both hops along edges that a teacher wrote down for all users.
  kSharedEdges,
  // The model with the interestGPT adapter, hop by hop, search by search.
  kHopByHop,
  // Shared edges, and the adapter where they know nothing of a search.
  kInterestGpt,
};

std::string_view TwoHopStrategyName(TwoHopStrategy strategy);  // "demand_search"
std::optional<TwoHopStrategy> FindTwoHopStrategy(std::string_view name);
bool AsksChatModel(TwoHopStrategy strategy);
bool NeedsEdges(TwoHopStrategy strategy);

}  // namespace twohop
