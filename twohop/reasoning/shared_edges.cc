#include <algorithm>
#include <map>
#include <utility>

#include "twohop/reasoning/demand_graph.h"
#include "twohop/reasoning/grounding.h"
#include "twohop/reasoning/relation.h"
#include "twohop/reasoning/search_reading.h"
#include "twohop/reasoning/strategy.h"

namespace twohop {
namespace {

// All ways from a user's searches to one category.
struct Reached {
  float weight = 0.0F;
  std::map<std::uint32_t, float> by_demand;
};

class SharedEdges final : public Strategy {
 public:
  SharedEdges(const StrategyTools& tools, std::shared_ptr<const DemandGraph> graph,
              const SharedEdgesOptions& options)
      : tools_(tools), graph_(std::move(graph)), options_(options), reader_(tools.space) {}

  Result<Proposals> Propose(const SearchingUser& user, std::stop_token stop) override {
    TWOHOP_ASSIGN_OR_RETURN(const Embeddings vectors,
                            EmbedForSpace(user.searches, *tools_.space, tools_.embedder, stop));
    std::vector<std::vector<FollowedDemand>> behind;
    std::vector<Reached> reached(tools_.space->taxonomy().size());
    std::vector<bool> searched(reached.size());
    for (std::size_t i = 0; i < user.searches.size(); ++i) {
      const SearchReading reading = reader_.Read(user.searches[i], vectors.row(i));
      if (reading.is_exact) searched[reading.category.value()] = true;
      behind.push_back(graph_->DemandsBehind(user.searches[i], vectors.row(i), reading));
      Walk(behind.back(), reached);
    }
    Proposals result;
    for (const CategoryIndex category : Best(user, reached, searched)) {
      result.proposals.push_back(Describe(category, reached[category.value()], behind, user));
    }
    return result;
  }

  std::string prompt_version() const override { return {}; }
  std::string model() const override { return tools_.embedder.model(); }

 private:
  void Walk(const std::vector<FollowedDemand>& demands, std::vector<Reached>& reached) const {
    for (const FollowedDemand& followed : demands) {
      for (const CalledCategory& under : graph_->CategoriesUnder(followed.demand)) {
        Reached& one = reached[under.category.value()];
        one.weight += followed.weight * under.weight;
        one.by_demand[followed.demand] += followed.weight * under.weight;
      }
    }
  }

  // What the filters would cut anyway takes nobody's place.
  std::vector<CategoryIndex> Best(const SearchingUser& user, const std::vector<Reached>& reached,
                                  const std::vector<bool>& searched) const {
    const Taxonomy& taxonomy = tools_.space->taxonomy();
    std::vector<CategoryIndex> order;
    for (std::uint32_t i = 0; i < reached.size(); ++i) {
      const bool is_new = !user.shown_level1[taxonomy.level1_of(CategoryIndex(i)).value()];
      if (is_new && !searched[i] && reached[i].weight > 0.0F) order.emplace_back(i);
    }
    std::stable_sort(order.begin(), order.end(), [&](CategoryIndex a, CategoryIndex b) {
      return reached[a.value()].weight > reached[b.value()].weight;
    });
    std::vector<std::size_t> per_level1(taxonomy.level1_count());
    std::vector<CategoryIndex> best;
    for (const CategoryIndex category : order) {
      if (best.size() == options_.max_proposals) break;
      std::size_t& count = per_level1[taxonomy.level1_of(category).value()];
      if (count == options_.max_per_level1) continue;
      ++count;
      best.push_back(category);
    }
    return best;
  }

  // The strongest of its ways is the one that is told.
  Proposal Describe(CategoryIndex category, const Reached& reached,
                    const std::vector<std::vector<FollowedDemand>>& behind,
                    const SearchingUser& user) const {
    const auto strongest =
        std::max_element(reached.by_demand.begin(), reached.by_demand.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    Proposal proposal;
    proposal.demand = graph_->text(strongest->first);
    proposal.searches = SearchesWith(strongest->first, behind, user);
    proposal.category =
        GroundedCategory{.category = category, .grounding = Grounding::kExact, .similarity = 1.0F};
    proposal.relation = RelationOf(proposal.demand, tools_.space->taxonomy().label(category));
    proposal.confidence = std::min(1.0F, reached.weight / static_cast<float>(user.searches.size()));
    return proposal;
  }

  // The searches that lead to the demand at least half as surely as the one that does so most.
  static std::vector<std::string> SearchesWith(
      std::uint32_t demand, const std::vector<std::vector<FollowedDemand>>& behind,
      const SearchingUser& user) {
    std::vector<float> weights;
    for (const std::vector<FollowedDemand>& demands : behind) {
      const auto found =
          std::find_if(demands.begin(), demands.end(),
                       [&](const FollowedDemand& one) { return one.demand == demand; });
      weights.push_back(found == demands.end() ? 0.0F : found->weight);
    }
    const float most = *std::max_element(weights.begin(), weights.end());
    std::vector<std::string> searches;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (weights[i] >= most / 2) searches.push_back(user.searches[i]);
    }
    return searches;
  }

  const StrategyTools tools_;
  const std::shared_ptr<const DemandGraph> graph_;
  const SharedEdgesOptions options_;
  const SearchReader reader_;
};

}  // namespace

std::unique_ptr<Strategy> MakeSharedEdges(const StrategyTools& tools,
                                          std::shared_ptr<const DemandGraph> graph,
                                          const SharedEdgesOptions& options) {
  return std::make_unique<SharedEdges>(tools, std::move(graph), options);
}

}  // namespace twohop
