#include "twohop/reasoning/demand_graph.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

class DemandGraphTest : public testing::Test {
 protected:
  static DemandEdges Edges(std::string demand, std::vector<std::string> searches,
                           const std::vector<std::string>& calls_for) {
    DemandEdges edges{.demand = std::move(demand), .searches = std::move(searches)};
    for (const std::string& name : calls_for) edges.calls_for.push_back(InSmallShop(name));
    return edges;
  }

  DemandGraph Build(std::vector<DemandEdges> edges) {
    std::vector<std::string> texts;
    for (const DemandEdges& one : edges) texts.push_back(one.demand);
    auto graph = DemandGraph::Build(std::move(edges), EmbedInSmallShop(texts), space_, options_);
    EXPECT_THAT(graph, IsOk());
    return *std::move(graph);
  }

  // The demands behind a search, by their texts.
  std::vector<std::string> Behind(const DemandGraph& graph, const std::string& search) {
    const Embeddings vector = EmbedInSmallShop({search});
    std::vector<std::string> texts;
    float sum = 0.0F;
    const SearchReading reading = SearchReader(space_).Read(search, vector.row(0));
    for (const FollowedDemand& one :
         graph.DemandsBehind(search, vector.row(0), reading, EmbedInSmallShop(written_))) {
      texts.push_back(graph.text(one.demand));
      sum += one.weight;
    }
    EXPECT_NEAR(sum, 1.0F, 1e-5);
    return texts;
  }

  std::shared_ptr<const CategorySpace> space_ = SmallShopSpace();
  DemandGraphOptions options_{.max_demands = 1};
  std::vector<std::string> written_;  // By a model, for every search.
};

TEST_F(DemandGraphTest, AKnownSearchLeadsToItsDemand) {
  const DemandGraph graph = Build({Edges("reading at night", {"lamp for bed"}, {"Desk Lamps"}),
                                   Edges("sleeping outdoors", {"bivouac"}, {"Lanterns"})});
  EXPECT_THAT(Behind(graph, "Bivouac"), ElementsAre("sleeping outdoors"));
  EXPECT_THAT(Behind(graph, "lamp for bed"), ElementsAre("reading at night"));
}

TEST_F(DemandGraphTest, ANewSearchEntersThroughItsCategory) {
  options_.near_text = 0.0F;
  const DemandGraph graph = Build({Edges("reading at night", {"desk lamps"}, {"Coffee Grinders"}),
                                   Edges("eating outdoors", {"gas stove"}, {"Lanterns"})});
  EXPECT_THAT(Behind(graph, "camp stoves"), ElementsAre("eating outdoors"));
}

TEST_F(DemandGraphTest, ACategoryThatWasNeverSearchedForEntersThroughTheDemandsThatCallForIt) {
  options_.near_text = 0.0F;
  const DemandGraph graph =
      Build({Edges("reading at night", {"bedtime story"}, {"Desk Lamps", "Coffee Grinders"}),
             Edges("crossing the alps", {"alps"}, {"Mountain Trips", "Hiking Boots"})});
  EXPECT_THAT(Behind(graph, "hiking boots"), ElementsAre("crossing the alps"));
}

TEST_F(DemandGraphTest, KnowsASearchAndTheOthersOfItsCategory) {
  const DemandGraph graph = Build({Edges("eating outdoors", {"gas stove", "alps"}, {"Lanterns"})});
  EXPECT_TRUE(graph.Knows("Gas Stove"));
  EXPECT_TRUE(graph.Knows("alps"));
  EXPECT_TRUE(graph.Knows("camp stoves"));
  EXPECT_FALSE(graph.Knows("lanterns"));
  EXPECT_FALSE(graph.Knows("canoe"));
}

TEST_F(DemandGraphTest, WordsAloneCanLead) {
  const DemandGraph graph = Build({Edges("reading at night", {"story"}, {"Desk Lamps"}),
                                   Edges("carving pumpkins well", {"alps"}, {"Lanterns"})});
  EXPECT_THAT(Behind(graph, "carving pumpkins"), ElementsAre("carving pumpkins well"));
}

TEST_F(DemandGraphTest, WrittenDemandsLeadToThoseThatSoundLikeThem) {
  options_.near_text = 0.0F;
  const DemandGraph graph = Build({Edges("reading at night", {"story"}, {"Desk Lamps"}),
                                   Edges("carving pumpkins well", {"alps"}, {"Lanterns"})});
  written_ = {"carving pumpkins", "tuning pianos"};
  EXPECT_THAT(Behind(graph, "autumn"), ElementsAre("carving pumpkins well"));
  written_ = {"tuning pianos", "reading at night"};
  EXPECT_THAT(Behind(graph, "autumn"), ElementsAre("reading at night"));
}

TEST_F(DemandGraphTest, ADemandCallsForItsListAndLessForWhereItsSearchesAreFrom) {
  options_.rank_decay = 0.5F;
  options_.source_weight = 0.25F;
  const DemandGraph graph =
      Build({Edges("eating outdoors", {"gas stove", "lanterns"}, {"Lanterns", "Coffee Grinders"})});
  EXPECT_THAT(graph.CategoriesUnder(0),
              UnorderedElementsAre(CalledCategory{InSmallShop("Lanterns"), 1.0F},
                                   CalledCategory{InSmallShop("Coffee Grinders"), 0.5F},
                                   CalledCategory{InSmallShop("Camp Stoves"), 0.25F}));
}

TEST_F(DemandGraphTest, FollowsNoMoreThanTheBestDemands) {
  options_.max_demands = 2;
  const DemandGraph graph = Build({Edges("reading at night", {"tent"}, {"Desk Lamps"}),
                                   Edges("sleeping outdoors", {"tent"}, {"Lanterns"}),
                                   Edges("tent repair", {"tent"}, {"Camp Stoves"})});
  EXPECT_THAT(Behind(graph, "tent").size(), 2U);
  EXPECT_THAT(Behind(graph, "tent").front(), "tent repair");
}

TEST_F(DemandGraphTest, RefusesVectorsThatDoNotFit) {
  const std::vector<DemandEdges> edges{Edges("reading at night", {"tent"}, {"Desk Lamps"})};
  const auto build = [&](Embeddings vectors) {
    return DemandGraph::Build(edges, std::move(vectors), space_, options_);
  };
  EXPECT_THAT(build(Embeddings(2, space_->dim())),
              FailsWith(ErrorCode::kInvalidArgument, "must be 1 x"));
  EXPECT_THAT(build(Embeddings(1, space_->dim())),
              FailsWith(ErrorCode::kInvalidArgument, "vector 0 is zero"));
  Embeddings infinite(1, space_->dim());
  infinite.mutable_row(0)[0] = std::numeric_limits<float>::infinity();
  EXPECT_THAT(build(infinite), FailsWith(ErrorCode::kInvalidArgument, "not finite"));
  EXPECT_THAT(DemandGraph::Build({}, Embeddings(), space_, options_),
              FailsWith(ErrorCode::kInvalidArgument, "at least one demand"));
}

}  // namespace
}  // namespace twohop
