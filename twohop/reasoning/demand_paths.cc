#include "twohop/reasoning/demand_paths.h"

#include <algorithm>
#include <map>
#include <utility>

#include "twohop/reasoning/category_limits.h"
#include "twohop/reasoning/relation.h"

namespace twohop {
namespace {

// All ways to one category.
struct Reached {
  float weight = 0.0F;
  float wanted = 0.0F;  // The weight as feedback has it.
  std::map<std::string_view, float> by_demand;
};

std::vector<Reached> ReachCategories(std::span<const SearchPaths> paths,
                                     const InterestWeights& feedback, const Taxonomy& taxonomy) {
  std::vector<Reached> reached(taxonomy.size());
  for (const SearchPaths& search : paths) {
    for (const DemandPath& path : search.demands) {
      for (const CalledCategory& called : path.categories) {
        const float wanted = feedback.Of(path.demand, taxonomy.at(called.category).id);
        if (wanted == 0.0F) continue;
        const float weight = search.weight * path.weight * called.weight;
        Reached& one = reached[called.category.value()];
        one.wanted += weight * wanted;
        one.weight += weight;
        one.by_demand[path.demand] += weight;
      }
    }
  }
  return reached;
}

std::vector<CategoryIndex> NewOnesByWeight(std::span<const Reached> reached,
                                           std::span<const SearchPaths> paths,
                                           const std::vector<bool>& shown_level1,
                                           const Taxonomy& taxonomy) {
  std::vector<bool> known(reached.size());
  for (const SearchPaths& search : paths) {
    if (search.searched) known[search.searched->value()] = true;
  }
  std::vector<CategoryIndex> order;
  for (std::uint32_t i = 0; i < reached.size(); ++i) {
    const bool is_new = !known[i] && !shown_level1[taxonomy.level1_of(CategoryIndex(i)).value()];
    if (is_new && reached[i].weight > 0.0F) order.emplace_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](CategoryIndex a, CategoryIndex b) {
    return reached[a.value()].wanted > reached[b.value()].wanted;
  });
  return order;
}

float WeightOf(const SearchPaths& search, std::string_view demand) {
  float weight = 0.0F;
  for (const DemandPath& path : search.demands) {
    if (path.demand == demand) weight += path.weight;
  }
  return weight;
}

std::vector<std::string> SearchesBehind(std::string_view demand,
                                        std::span<const SearchPaths> paths) {
  float most = 0.0F;
  for (const SearchPaths& search : paths) most = std::max(most, WeightOf(search, demand));
  std::vector<std::string> searches;
  for (const SearchPaths& search : paths) {
    if (WeightOf(search, demand) >= most / 2) searches.push_back(search.search);
  }
  return searches;
}

float TotalWeight(std::span<const SearchPaths> paths) {
  float total = 0.0F;
  for (const SearchPaths& search : paths) total += search.weight;
  return total;
}

Proposal Describe(CategoryIndex category, const Reached& reached,
                  std::span<const SearchPaths> paths, const Taxonomy& taxonomy) {
  const auto strongest =
      std::max_element(reached.by_demand.begin(), reached.by_demand.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  Proposal proposal;
  proposal.demand = std::string(strongest->first);
  proposal.searches = SearchesBehind(strongest->first, paths);
  proposal.category =
      GroundedCategory{.category = category, .grounding = Grounding::kExact, .similarity = 1.0F};
  proposal.relation = RelationOf(proposal.demand, taxonomy.label(category));
  proposal.confidence = std::min(1.0F, reached.weight / TotalWeight(paths));
  return proposal;
}

}  // namespace

std::vector<Proposal> ProposeFromPaths(std::span<const SearchPaths> paths,
                                       const SearchingUser& user, const Taxonomy& taxonomy,
                                       const ProposeOptions& options) {
  const std::vector<Reached> reached = ReachCategories(paths, user.feedback, taxonomy);
  std::vector<Proposal> proposals;
  for (const CategoryIndex category : FirstWithinLimits(
           NewOnesByWeight(reached, paths, user.shown_level1, taxonomy), taxonomy, options)) {
    proposals.push_back(Describe(category, reached[category.value()], paths, taxonomy));
  }
  return proposals;
}

std::optional<ReachedCategory> FindReached(CategoryIndex category,
                                           std::span<const SearchPaths> paths,
                                           const Taxonomy& taxonomy) {
  const std::vector<Reached> all = ReachCategories(paths, InterestWeights(), taxonomy);
  const Reached& own = all[category.value()];
  if (own.weight <= 0.0F) return std::nullopt;
  ReachedCategory reached{.strongest = Describe(category, own, paths, taxonomy), .rank = 1};
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (all[i].weight > 0.0F) ++reached.reached;
    const bool ties_ahead = all[i].weight == own.weight && i < category.value();
    if (all[i].weight > own.weight || ties_ahead) ++reached.rank;
  }
  reached.searched_for = std::any_of(paths.begin(), paths.end(), [&](const SearchPaths& search) {
    return search.searched == category;
  });
  return reached;
}

}  // namespace twohop
