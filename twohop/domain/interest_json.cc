#include "twohop/domain/interest_json.h"

#include "twohop/base/hash.h"
#include "twohop/base/time_format.h"

namespace twohop {
namespace {

Json NodeToJson(const GraphNode& node, std::size_t id) {
  Json json = {{"id", id}, {"kind", NodeKindName(node.kind)}, {"text", node.text}};
  if (!node.key.empty()) json["category"] = node.key;
  return json;
}

}  // namespace

Json ProvenanceToJson(const Provenance& provenance) {
  return {{"model", provenance.model},           {"prompt_version", provenance.prompt_version},
          {"strategy", provenance.strategy},     {"seed", provenance.seed},
          {"time", FormatTime(provenance.time)}, {"taxonomy", HashHex(provenance.taxonomy)}};
}

Json InterestToJson(const LatentInterest& interest) {
  Json json = {{"category", interest.category_id},
               {"label", interest.category_label},
               {"level1", interest.level1},
               {"searches", interest.searches},
               {"demand", interest.demand},
               {"relation", EdgeRelationName(interest.relation)},
               {"grounding", GroundingName(interest.grounding)},
               {"similarity", interest.similarity},
               {"confidence", interest.confidence},
               {"votes", interest.votes},
               {"voters", interest.voters},
               {"path", PathInWords(interest)},
               {"provenance", ProvenanceToJson(interest.provenance)}};
  if (!interest.browsed.empty()) json["browsed"] = interest.browsed;
  if (!interest.cohort.empty()) json["cohort"] = interest.cohort;
  return json;
}

Json GraphToJson(const InterestGraph& graph) {
  Json nodes = Json::array();
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    nodes.push_back(NodeToJson(graph.nodes()[i], i));
  }
  Json edges = Json::array();
  for (const GraphEdge& edge : graph.edges()) {
    edges.push_back({{"from", edge.from.value()},
                     {"to", edge.to.value()},
                     {"relation", EdgeRelationName(edge.relation)}});
  }
  return {{"nodes", std::move(nodes)}, {"edges", std::move(edges)}};
}

}  // namespace twohop
