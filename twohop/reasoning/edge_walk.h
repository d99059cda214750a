// Both hops search by search: along edges that are known, and where none are, by the tuned model.

#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "twohop/reasoning/demand_graph.h"
#include "twohop/reasoning/demand_writer.h"
#include "twohop/reasoning/strategy.h"

namespace twohop {

struct EdgeWalkOptions {
  ProposeOptions propose;
  std::size_t max_demands = 2;     // That the model's answer for one search is followed in.
  std::size_t cache_size = 65536;  // Answers remembered without StrategyTools::answers.
  // A category counts this much less than the one before it in the model's list.
  float rank_decay = 0.93F;
  // What a category that the user looks at counts beside a search, above 0.
  float browsed_weight = 0.5F;
  AskOptions ask;
  // Proposals::asked tells how this category is reached.
  std::optional<CategoryIndex> asked;
};

// `edges` alone, without asking a model.
std::unique_ptr<Strategy> MakeSharedEdges(const StrategyTools& tools,
                                          std::shared_ptr<const DemandGraph> edges,
                                          const EdgeWalkOptions& options);

// The model with the interestGPT adapter alone: hop 1 names demands for each search (prompt hop1),
// hop 2 categories for each demand (prompt hop2). Neither depends on the user, so answers are
// shared by all users with the same search.
std::unique_ptr<Strategy> MakeHopByHop(const StrategyTools& tools, const EdgeWalkOptions& options);

// `edges`, and for a search that they do not know (DemandGraph::Knows) hop 1 by the model too: the
// demands that it writes enter the graph by their words, and the edges do hop 2.
std::unique_ptr<Strategy> MakeInterestGpt(const StrategyTools& tools,
                                          std::shared_ptr<const DemandGraph> edges,
                                          const EdgeWalkOptions& options);

}  // namespace twohop
