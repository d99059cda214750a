// The small graph that reasoning builds for one user.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/base/strong_id.h"

namespace twohop {

// Stored as numbers: never renumber. v1, v2, v3 are the paper's names (arXiv 2508.04032).
enum class NodeKind : std::uint8_t {
  kProfile = 1,   // v1: who the user is.
  kSearch = 2,    // v1: what the user searched for.
  kDemand = 3,    // v2: the need behind searches.
  kCategory = 4,  // v3: what else meets the need.
  kBrowsing = 5,  // v1: what the user looked at, a category's label.
};

enum class EdgeRelation : std::uint8_t {
  kHypernym = 1,   // v1 -> v2: the demand is the more general thing behind the search.
  kCoHyponym = 2,  // v2 -> v3: another thing under the same demand.
  kHyponym = 3,    // v2 -> v3: a narrower thing under the demand.
};

std::string_view NodeKindName(NodeKind kind);              // "demand"
std::string_view EdgeRelationName(EdgeRelation relation);  // "co_hyponym"
std::optional<EdgeRelation> FindEdgeRelation(std::string_view name);

// True for profile|search|browsing -hypernym-> demand and demand -co_hyponym|hyponym-> category.
bool IsLegalEdge(NodeKind from, EdgeRelation relation, NodeKind to);

using NodeIndex = StrongId<struct NodeIndexTag, std::uint32_t>;

struct GraphNode {
  NodeKind kind = NodeKind::kSearch;
  std::string text;  // The search, the demand, or the category's label.
  std::string key;   // The category's id for kCategory; empty otherwise.

  friend bool operator==(const GraphNode&, const GraphNode&) = default;
};

struct GraphEdge {
  NodeIndex from;
  NodeIndex to;
  EdgeRelation relation = EdgeRelation::kHypernym;

  friend bool operator==(const GraphEdge&, const GraphEdge&) = default;
};

// Holds legal edges only, each once; nodes are unique by (kind, text) and keep their order of
// arrival. Acyclic by construction: edges go v1 -> v2 -> v3.
//
// Thread-compatible.
class InterestGraph {
 public:
  // The index of the node, which is added unless it is there.
  NodeIndex AddNode(NodeKind kind, std::string_view text, std::string_view key = {});

  // An edge that is there already is fine.
  //
  // Errors: kInvalidArgument if the relation is not legal between these kinds, or a node is not of
  // this graph.
  Status AddEdge(NodeIndex from, EdgeRelation relation, NodeIndex to);

  std::optional<NodeIndex> FindNode(NodeKind kind, std::string_view text) const;

  const std::vector<GraphNode>& nodes() const { return nodes_; }
  const std::vector<GraphEdge>& edges() const { return edges_; }
  const GraphNode& at(NodeIndex node) const { return nodes_[node.value()]; }

  friend bool operator==(const InterestGraph&, const InterestGraph&) = default;

 private:
  std::vector<GraphNode> nodes_;
  std::vector<GraphEdge> edges_;
};

}  // namespace twohop
