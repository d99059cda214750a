#include "twohop/reasoning/interest_assembly.h"

#include <algorithm>
#include <utility>

#include "twohop/base/check.h"

namespace twohop {
namespace {

void AddEvidence(NodeKind kind, std::span<const std::string> texts, NodeIndex demand,
                 InterestGraph& graph) {
  for (const std::string& text : texts) {
    const NodeIndex node = graph.AddNode(kind, text);
    TWOHOP_CHECK(graph.AddEdge(node, EdgeRelation::kHypernym, demand).has_value());
  }
}

void AddPath(const LatentInterest& interest, InterestGraph& graph) {
  const NodeIndex demand = graph.AddNode(NodeKind::kDemand, interest.demand);
  AddEvidence(NodeKind::kSearch, interest.searches, demand, graph);
  AddEvidence(NodeKind::kBrowsing, interest.browsed, demand, graph);
  if (!interest.cohort.empty()) {
    AddEvidence(NodeKind::kProfile, std::span(&interest.cohort, 1), demand, graph);
  }
  const NodeIndex category =
      graph.AddNode(NodeKind::kCategory, interest.category_label, interest.category_id);
  TWOHOP_CHECK(graph.AddEdge(demand, interest.relation, category).has_value());
}

// Puts each text behind the demand where it belongs.
void SortEvidence(std::span<const std::string> texts, std::span<const std::string> browsed,
                  LatentInterest& interest) {
  for (const std::string& text : texts) {
    const bool is_browsed = std::find(browsed.begin(), browsed.end(), text) != browsed.end();
    (is_browsed ? interest.browsed : interest.searches).push_back(text);
  }
}

LatentInterest ToInterest(const Proposal& proposal, const CategorySpace& space,
                          const Provenance& provenance) {
  const GroundedCategory& grounded = *proposal.category;
  const Category& category = space.taxonomy().at(grounded.category);
  const std::span<const float> vector = space.vector(grounded.category);
  return {.category_id = category.id,
          .category_label = space.taxonomy().label(grounded.category),
          .level1 = category.level1,
          .searches = {},
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

void AddInterest(LatentInterest interest, InterestSet& set) {
  AddPath(interest, set.graph);
  set.interests.push_back(std::move(interest));
}

InterestSet AssembleInterests(std::span<const Proposal> accepted,
                              std::span<const std::string> browsed, const CategorySpace& space,
                              const Provenance& provenance) {
  InterestSet set;
  set.created = provenance.time;
  for (const Proposal& proposal : accepted) {
    LatentInterest interest = ToInterest(proposal, space, provenance);
    SortEvidence(proposal.searches, browsed, interest);
    AddInterest(std::move(interest), set);
  }
  return set;
}

}  // namespace twohop
