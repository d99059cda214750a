#include "twohop/domain/interest_graph.h"

#include <algorithm>

#include <fmt/format.h>

namespace twohop {

std::string_view NodeKindName(NodeKind kind) {
  switch (kind) {
    case NodeKind::kProfile:
      return "profile";
    case NodeKind::kSearch:
      return "search";
    case NodeKind::kDemand:
      return "demand";
    case NodeKind::kCategory:
      return "category";
    case NodeKind::kBrowsing:
      return "browsing";
  }
  return "unknown";
}

std::string_view EdgeRelationName(EdgeRelation relation) {
  switch (relation) {
    case EdgeRelation::kHypernym:
      return "hypernym";
    case EdgeRelation::kCoHyponym:
      return "co_hyponym";
    case EdgeRelation::kHyponym:
      return "hyponym";
  }
  return "unknown";
}

std::optional<EdgeRelation> FindEdgeRelation(std::string_view name) {
  for (const auto relation :
       {EdgeRelation::kHypernym, EdgeRelation::kCoHyponym, EdgeRelation::kHyponym}) {
    if (EdgeRelationName(relation) == name) return relation;
  }
  return std::nullopt;
}

bool IsLegalEdge(NodeKind from, EdgeRelation relation, NodeKind to) {
  if (relation == EdgeRelation::kHypernym) {
    const bool is_v1 =
        from == NodeKind::kProfile || from == NodeKind::kSearch || from == NodeKind::kBrowsing;
    return is_v1 && to == NodeKind::kDemand;
  }
  const bool specific = relation == EdgeRelation::kCoHyponym || relation == EdgeRelation::kHyponym;
  return specific && from == NodeKind::kDemand && to == NodeKind::kCategory;
}

std::optional<NodeIndex> InterestGraph::FindNode(NodeKind kind, std::string_view text) const {
  const auto found = std::find_if(nodes_.begin(), nodes_.end(), [&](const GraphNode& node) {
    return node.kind == kind && node.text == text;
  });
  if (found == nodes_.end()) return std::nullopt;
  return NodeIndex(static_cast<std::uint32_t>(found - nodes_.begin()));
}

NodeIndex InterestGraph::AddNode(NodeKind kind, std::string_view text, std::string_view key) {
  if (const auto known = FindNode(kind, text)) return *known;
  nodes_.push_back({.kind = kind, .text = std::string(text), .key = std::string(key)});
  return NodeIndex(static_cast<std::uint32_t>(nodes_.size() - 1));
}

Status InterestGraph::AddEdge(NodeIndex from, EdgeRelation relation, NodeIndex to) {
  if (from.value() >= nodes_.size() || to.value() >= nodes_.size()) {
    return InvalidArgument("edge names a node that is not in the graph");
  }
  if (!IsLegalEdge(at(from).kind, relation, at(to).kind)) {
    return InvalidArgument(fmt::format("no {} edge from {} \"{}\" to {} \"{}\"",
                                       EdgeRelationName(relation), NodeKindName(at(from).kind),
                                       at(from).text, NodeKindName(at(to).kind), at(to).text));
  }
  const GraphEdge edge{.from = from, .to = to, .relation = relation};
  if (std::find(edges_.begin(), edges_.end(), edge) == edges_.end()) edges_.push_back(edge);
  return Ok();
}

}  // namespace twohop
