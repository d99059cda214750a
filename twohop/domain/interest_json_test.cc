#include "twohop/domain/interest_json.h"

#include <gtest/gtest.h>

namespace twohop {
namespace {

LatentInterest MakeInterest() {
  return {.category_id = "c-7",
          .category_label = "Headlamps",
          .level1 = "Outdoors",
          .searches = {"tent"},
          .demand = "sleeping outdoors",
          .relation = EdgeRelation::kHyponym,
          .grounding = Grounding::kNearest,
          .similarity = 0.75F,
          .confidence = 0.5F,
          .votes = 2,
          .voters = 3,
          .provenance = {.model = "small",
                         .prompt_version = "two_hop.v1",
                         .strategy = "demand_search",
                         .seed = 7,
                         .time = TimePoint(Milliseconds(0)),
                         .taxonomy = 0xAB},
          .embedding = {1.0F}};
}

TEST(InterestToJsonTest, HasEveryFieldButTheEmbedding) {
  EXPECT_EQ(InterestToJson(MakeInterest()), Json::parse(R"({
    "category": "c-7", "label": "Headlamps", "level1": "Outdoors", "searches": ["tent"],
    "demand": "sleeping outdoors", "relation": "hyponym", "grounding": "nearest",
    "similarity": 0.75, "confidence": 0.5, "votes": 2, "voters": 3,
    "path": "searched \"tent\" → sleeping outdoors → Headlamps",
    "provenance": {"model": "small", "prompt_version": "two_hop.v1", "strategy": "demand_search",
                   "seed": 7, "time": "1970-01-01T00:00:00.000Z", "taxonomy": "00000000000000ab"}
  })"));
}

TEST(GraphToJsonTest, NumbersNodesAndGivesCategoriesTheirId) {
  InterestGraph graph;
  const auto tent = graph.AddNode(NodeKind::kSearch, "tent");
  const auto demand = graph.AddNode(NodeKind::kDemand, "sleeping outdoors");
  const auto lamps = graph.AddNode(NodeKind::kCategory, "Headlamps", "c-7");
  ASSERT_TRUE(graph.AddEdge(tent, EdgeRelation::kHypernym, demand).has_value());
  ASSERT_TRUE(graph.AddEdge(demand, EdgeRelation::kCoHyponym, lamps).has_value());
  EXPECT_EQ(GraphToJson(graph), Json::parse(R"({
    "nodes": [{"id": 0, "kind": "search", "text": "tent"},
              {"id": 1, "kind": "demand", "text": "sleeping outdoors"},
              {"id": 2, "kind": "category", "text": "Headlamps", "category": "c-7"}],
    "edges": [{"from": 0, "to": 1, "relation": "hypernym"},
              {"from": 1, "to": 2, "relation": "co_hyponym"}]
  })"));
}

TEST(GraphToJsonTest, AnEmptyGraphHasEmptyArrays) {
  EXPECT_EQ(GraphToJson({}), Json::parse(R"({"nodes": [], "edges": []})"));
}

}  // namespace
}  // namespace twohop
