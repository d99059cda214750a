// From many ways between searches and categories to the few that are proposed.

#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twohop/domain/taxonomy.h"
#include "twohop/reasoning/demand_graph.h"
#include "twohop/reasoning/proposal.h"
#include "twohop/reasoning/strategy.h"

namespace twohop {

// Both hops from one search, through one demand.
struct DemandPath {
  std::string demand;
  float weight = 0.0F;                     // In (0, 1]; those of one search sum to at most 1.
  std::vector<CalledCategory> categories;  // Each once.
};

// A search and the demands that may stand behind it.
struct SearchPaths {
  std::string search;
  std::optional<CategoryIndex> searched;  // The category that the search means.
  float weight = 1.0F;                    // How much the search counts beside others; above 0.
  std::vector<DemandPath> demands;
};

// The categories that most of the demands call for, most first, ties by ascending index: outside
// user.shown_level1 and not searched for. What user.feedback gives no weight leads nowhere; for
// coming first, each counts as much as it says. Confidence is the share of the demands,
// weighted and averaged over the searches by their weights, that call for the category. The demand
// that is told is the one that contributes most, with the searches that lead to it at least half as
// surely as the one that does so most.
std::vector<Proposal> ProposeFromPaths(std::span<const SearchPaths> paths,
                                       const SearchingUser& user, const Taxonomy& taxonomy,
                                       const ProposeOptions& options);

// How the paths reach `category`, known or new, and its rank by confidence before it is capped,
// ties by ascending index. Nothing if none of the demands calls for it.
std::optional<ReachedCategory> FindReached(CategoryIndex category,
                                           std::span<const SearchPaths> paths,
                                           const Taxonomy& taxonomy);

}  // namespace twohop
