#include "twohop/reasoning/interest_assembly.h"

#include <utility>

#include "twohop/base/check.h"

namespace twohop {
namespace {

void AddPath(const LatentInterest& interest, InterestGraph& graph) {
  const NodeIndex demand = graph.AddNode(NodeKind::kDemand, interest.demand);
  for (const std::string& search : interest.searches) {
    const NodeIndex node = graph.AddNode(NodeKind::kSearch, search);
    TWOHOP_CHECK(graph.AddEdge(node, EdgeRelation::kHypernym, demand).has_value());
  }
  const NodeIndex category =
      graph.AddNode(NodeKind::kCategory, interest.category_label, interest.category_id);
  TWOHOP_CHECK(graph.AddEdge(demand, interest.relation, category).has_value());
}

LatentInterest ToInterest(const Proposal& proposal, const CategorySpace& space,
                          const Provenance& provenance) {
  const GroundedCategory& grounded = *proposal.category;
  const Category& category = space.taxonomy().at(grounded.category);
  const std::span<const float> vector = space.vector(grounded.category);
  return {.category_id = category.id,
          .category_label = space.taxonomy().label(grounded.category),
          .level1 = category.level1,
          .searches = proposal.searches,
          .demand = proposal.demand,
          .relation = proposal.relation,
          .grounding = grounded.grounding,
          .similarity = grounded.similarity,
          .confidence = proposal.confidence,
          .votes = proposal.votes,
          .voters = proposal.voters,
          .provenance = provenance,
          .embedding = {vector.begin(), vector.end()}};
}

}  // namespace

InterestSet AssembleInterests(std::span<const Proposal> accepted, const CategorySpace& space,
                              const Provenance& provenance) {
  InterestSet set;
  set.created = provenance.time;
  for (const Proposal& proposal : accepted) {
    set.interests.push_back(ToInterest(proposal, space, provenance));
    AddPath(set.interests.back(), set.graph);
  }
  return set;
}

}  // namespace twohop
