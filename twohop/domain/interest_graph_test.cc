#include "twohop/domain/interest_graph.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

using enum NodeKind;
using enum EdgeRelation;

constexpr std::array kKinds = {kProfile, kSearch, kDemand, kCategory};
constexpr std::array kRelations = {kHypernym, kCoHyponym, kHyponym};

TEST(InterestGraphTest, FiveKindsOfEdgesAreLegalAndNoOthers) {
  std::vector<std::string> legal;
  for (const NodeKind from : kKinds) {
    for (const EdgeRelation relation : kRelations) {
      for (const NodeKind to : kKinds) {
        if (!IsLegalEdge(from, relation, to)) continue;
        legal.push_back(std::string(NodeKindName(from)) + " " +
                        std::string(EdgeRelationName(relation)) + " " +
                        std::string(NodeKindName(to)));
      }
    }
  }
  EXPECT_THAT(legal, testing::UnorderedElementsAre(
                         "profile hypernym demand", "search hypernym demand",
                         "demand co_hyponym category", "demand hyponym category"));
}

TEST(InterestGraphTest, ARelationThatDoesNotExistIsNotLegal) {
  EXPECT_FALSE(IsLegalEdge(kDemand, static_cast<EdgeRelation>(77), kCategory));
}

TEST(InterestGraphTest, RelationsAreFoundByName) {
  for (const EdgeRelation relation : kRelations) {
    EXPECT_EQ(FindEdgeRelation(EdgeRelationName(relation)), relation);
  }
  EXPECT_EQ(FindEdgeRelation("meronym"), std::nullopt);
  EXPECT_EQ(FindEdgeRelation(""), std::nullopt);
}

TEST(InterestGraphTest, ANewOneIsEmpty) {
  EXPECT_TRUE(InterestGraph().nodes().empty());
  EXPECT_TRUE(InterestGraph().edges().empty());
}

TEST(InterestGraphTest, NodesKeepTheirOrderOfArrival) {
  InterestGraph graph;
  EXPECT_EQ(graph.AddNode(kSearch, "tent"), NodeIndex(0));
  EXPECT_EQ(graph.AddNode(kDemand, "sleeping outdoors"), NodeIndex(1));
  EXPECT_EQ(graph.at(NodeIndex(1)).text, "sleeping outdoors");
}

TEST(InterestGraphTest, ANodeThatIsThereIsNotAddedAgain) {
  InterestGraph graph;
  const NodeIndex first = graph.AddNode(kCategory, "Headlamps", "c1");
  EXPECT_EQ(graph.AddNode(kCategory, "Headlamps"), first);
  EXPECT_EQ(graph.nodes().size(), 1U);
  EXPECT_EQ(graph.at(first).key, "c1");
}

TEST(InterestGraphTest, TheSameTextInAnotherKindIsAnotherNode) {
  InterestGraph graph;
  EXPECT_NE(graph.AddNode(kSearch, "camping"), graph.AddNode(kDemand, "camping"));
}

TEST(InterestGraphTest, FindsNodesByKindAndText) {
  InterestGraph graph;
  const NodeIndex tent = graph.AddNode(kSearch, "tent");
  EXPECT_EQ(graph.FindNode(kSearch, "tent"), tent);
  EXPECT_EQ(graph.FindNode(kDemand, "tent"), std::nullopt);
}

TEST(InterestGraphTest, HoldsLegalEdgesOnce) {
  InterestGraph graph;
  const NodeIndex tent = graph.AddNode(kSearch, "tent");
  const NodeIndex demand = graph.AddNode(kDemand, "sleeping outdoors");
  const NodeIndex lamps = graph.AddNode(kCategory, "Headlamps", "c1");
  EXPECT_THAT(graph.AddEdge(tent, kHypernym, demand), IsOk());
  EXPECT_THAT(graph.AddEdge(demand, kHyponym, lamps), IsOk());
  EXPECT_THAT(graph.AddEdge(demand, kCoHyponym, lamps), IsOk());
  EXPECT_THAT(graph.AddEdge(tent, kHypernym, demand), IsOk());
  EXPECT_EQ(graph.edges().size(), 3U);
}

TEST(InterestGraphTest, AnIllegalEdgeIsRefusedAndDescribed) {
  InterestGraph graph;
  const NodeIndex tent = graph.AddNode(kSearch, "tent");
  const NodeIndex lamps = graph.AddNode(kCategory, "Headlamps", "c1");
  EXPECT_THAT(graph.AddEdge(tent, kHyponym, lamps),
              FailsWith(ErrorCode::kInvalidArgument,
                        "no hyponym edge from search \"tent\" to category \"Headlamps\""));
  EXPECT_TRUE(graph.edges().empty());
}

TEST(InterestGraphTest, AnEdgeToANodeOfAnotherGraphIsRefused) {
  InterestGraph graph;
  const NodeIndex tent = graph.AddNode(kSearch, "tent");
  EXPECT_THAT(graph.AddEdge(tent, kHypernym, NodeIndex(1)),
              FailsWith(ErrorCode::kInvalidArgument, "not in the graph"));
  EXPECT_THAT(graph.AddEdge(NodeIndex(9), kHypernym, tent),
              FailsWith(ErrorCode::kInvalidArgument, "not in the graph"));
}

}  // namespace
}  // namespace twohop
