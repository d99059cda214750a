#include "twohop/reasoning/explain_proposal.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/llm/testing/fake_chat_client.h"
#include "twohop/llm/testing/fake_embedding_client.h"
#include "twohop/reasoning/testing/small_shop.h"
#include "twohop/reasoning/two_hop_generator.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A user of the small shop who searched for "tent" and clicked in Outdoors, along shared edges.
class ExplainProposalTest : public testing::Test {
 protected:
  ExplainProposalTest() { options_.strategy = TwoHopStrategy::kSharedEdges; }

  void Know(std::string demand, const std::vector<std::string>& calls_for,
            std::vector<std::string> searches = {"tent"}) {
    DemandEdges& edges = known_.emplace_back();
    edges.demand = std::move(demand);
    edges.searches = std::move(searches);
    for (const std::string& name : calls_for) edges.calls_for.push_back(InSmallShop(name));
  }

  Generation Generate() {
    std::vector<std::string> texts;
    for (const DemandEdges& one : known_) texts.push_back(one.demand);
    auto graph = DemandGraph::Build(known_, EmbedInSmallShop(texts), space_);
    EXPECT_THAT(graph, IsOk());
    auto generator = MakeTwoHopGenerator(
        chat_, embedder_,
        {space_, prompts_, std::make_shared<const DemandGraph>(*std::move(graph))}, options_,
        clock_);
    EXPECT_THAT(generator, IsOk());
    auto generation = (*generator)->Generate(user_, {});
    EXPECT_THAT(generation, IsOk());
    return *std::move(generation);
  }

  ProposalExplanation Explain(const std::string& category) {
    options_.edge_walk.asked = InSmallShop(category);
    return Generate().explanation.value();
  }

  std::vector<std::string> Ahead(const ProposalExplanation& explanation) const {
    std::vector<std::string> labels;
    for (const CategoryIndex one : explanation.ahead) {
      labels.push_back(space_->taxonomy().label(one));
    }
    return labels;
  }

  FakeChatClient chat_;
  FakeEmbeddingClient embedder_;
  ManualClock clock_;
  std::shared_ptr<const CategorySpace> space_ = SmallShopSpace();
  std::shared_ptr<const PromptSet> prompts_ = std::make_shared<const PromptSet>(
      *LoadPromptSet(std::filesystem::path(TWOHOP_SOURCE_DIR) / "prompts"));
  std::vector<DemandEdges> known_;
  TwoHopOptions options_;
  UserContext user_{.profile = {}, .searches = {{.query = "tent"}}, .clicked_level1 = {"Outdoors"}};
};

TEST_F(ExplainProposalTest, NothingIsExplainedUnlessAsked) {
  Know("nights in the open", {"Lanterns"});
  EXPECT_EQ(Generate().explanation, std::nullopt);
}

TEST_F(ExplainProposalTest, AskingChangesNoInterest) {
  Know("nights in the open", {"Lanterns", "Mountain Trips"});
  const InterestSet before = Generate().interests;
  options_.edge_walk.asked = InSmallShop("Lanterns");
  EXPECT_EQ(Generate().interests, before);
}

TEST_F(ExplainProposalTest, WhatStandsIsToldWithItsPathAndRank) {
  Know("nights in the open", {"Mountain Trips", "Lanterns"});
  const ProposalExplanation told = Explain("Lanterns");
  EXPECT_EQ(told.verdict, ProposalVerdict::kStands);
  EXPECT_THAT(told.searches, ElementsAre("tent"));
  EXPECT_EQ(told.demand, "nights in the open");
  EXPECT_NEAR(told.confidence, 0.93F, 1e-5);
  EXPECT_EQ(told.rank, 2U);
  EXPECT_EQ(told.reached, 2U);
}

TEST_F(ExplainProposalTest, TheStrongestOfTwoDemandsIsTold) {
  Know("nights in the open", {"Mountain Trips", "Lanterns"});
  Know("a tent full of light", {"Lanterns"});
  const ProposalExplanation told = Explain("Lanterns");
  EXPECT_EQ(told.demand, "a tent full of light");
  EXPECT_EQ(told.rank, 1U);
}

TEST_F(ExplainProposalTest, WhatNoDemandCallsForIsNotReached) {
  Know("nights in the open", {"Lanterns"});
  const ProposalExplanation told = Explain("Coffee Grinders");
  EXPECT_EQ(told.verdict, ProposalVerdict::kNotReached);
  EXPECT_EQ(told.rank, 0U);
  EXPECT_THAT(told.searches, IsEmpty());
}

TEST_F(ExplainProposalTest, AKnownCategoryIsRejectedAndStillHasItsPathAndRank) {
  Know("nights in the open", {"Camp Stoves", "Lanterns"});
  const ProposalExplanation told = Explain("Camp Stoves");
  EXPECT_EQ(told.verdict, ProposalVerdict::kRejected);
  EXPECT_EQ(told.rejected, "not_novel");
  EXPECT_EQ(told.demand, "nights in the open");
  EXPECT_EQ(told.rank, 1U);
}

TEST_F(ExplainProposalTest, WhatWasSearchedForIsNothingLatent) {
  user_.searches.push_back({.query = "desk lamps"});
  Know("reading at night", {"Desk Lamps", "Lanterns"}, {"desk lamps"});
  EXPECT_EQ(Explain("Desk Lamps").verdict, ProposalVerdict::kSearchedFor);
}

TEST_F(ExplainProposalTest, ASensitiveInferenceIsNotTold) {
  Know("quiet days", {"Prayer Retreats", "Lanterns"});
  const ProposalExplanation told = Explain("Prayer Retreats");
  EXPECT_EQ(told.verdict, ProposalVerdict::kRejected);
  EXPECT_EQ(told.rejected, "blocked");
  EXPECT_THAT(told.searches, IsEmpty());
  EXPECT_EQ(told.demand, "");
  EXPECT_EQ(told.rank, 0U);
}

TEST_F(ExplainProposalTest, BelowTheBestIsToldWhoIsAhead) {
  options_.edge_walk.propose.max_proposals = 2;
  Know("nights in the open", {"Lanterns", "Mountain Trips", "Coffee Grinders"});
  const ProposalExplanation told = Explain("Coffee Grinders");
  EXPECT_EQ(told.verdict, ProposalVerdict::kBelowBest);
  EXPECT_THAT(Ahead(told), ElementsAre("Lanterns", "Mountain Trips"));
  EXPECT_EQ(told.rank, 3U);
  EXPECT_EQ(told.proposed, 2U);
}

TEST_F(ExplainProposalTest, AFullLevelOneIsToldWhoFillsIt) {
  options_.edge_walk.propose.max_per_level1 = 1;
  Know("nights in the open", {"Mountain Trips", "Lanterns", "Desk Lamps"});
  const ProposalExplanation told = Explain("Desk Lamps");
  EXPECT_EQ(told.verdict, ProposalVerdict::kLevel1Full);
  EXPECT_THAT(Ahead(told), ElementsAre("Lanterns"));
}

TEST_F(ExplainProposalTest, ADuplicateIsToldOfWhat) {
  options_.filter.duplicate_similarity = -1.0F;
  Know("nights in the open", {"Lanterns", "Mountain Trips"});
  const ProposalExplanation told = Explain("Mountain Trips");
  EXPECT_EQ(told.rejected, "duplicate");
  EXPECT_THAT(Ahead(told), ElementsAre("Lanterns"));
}

TEST_F(ExplainProposalTest, OverTheCapIsToldWhoIsAhead) {
  options_.filter.max_interests = 1;
  Know("nights in the open", {"Lanterns", "Mountain Trips"});
  const ProposalExplanation told = Explain("Mountain Trips");
  EXPECT_EQ(told.rejected, "over_cap");
  EXPECT_THAT(Ahead(told), ElementsAre("Lanterns"));
}

TEST_F(ExplainProposalTest, WithoutSearchesThatIsTheVerdict) {
  user_.searches = {{.query = "tent after chemotherapy"}};
  Know("nights in the open", {"Lanterns"});
  EXPECT_EQ(Explain("Lanterns").verdict, ProposalVerdict::kNoSearches);
}

}  // namespace
}  // namespace twohop
