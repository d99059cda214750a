#include "twohop/reasoning/interest_filters.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/reasoning/interest_assembly.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

class FilterProposalsTest : public testing::Test {
 protected:
  Proposal& Propose(const std::string& category, float confidence,
                    const std::string& demand = "nights in the wild") {
    proposals_.push_back({.searches = {"tent"},
                          .demand = demand,
                          .relation = EdgeRelation::kCoHyponym,
                          .category = GroundedCategory{.category = InSmallShop(category)},
                          .confidence = confidence});
    return proposals_.back();
  }

  void Shown(const std::string& level1) {
    shown_ = MarkLevel1(space_->taxonomy(), std::vector<std::string>{level1});
  }

  void Weighs(const std::string& category, float weight) {
    feedback_.categories["id of " + category].weight = weight;
  }
  void DemandWeighs(const std::string& demand, float weight) {
    feedback_.demands[demand].weight = weight;
  }

  // The labels of what stands; fills rejected().
  std::vector<std::string> Filtered() {
    const FilterContext context{*space_, blocklist_, shown_, &feedback_};
    std::vector<std::string> labels;
    confidences_.clear();
    for (const Proposal& proposal :
         FilterProposals(std::move(proposals_), context, options_, rejected_)) {
      labels.push_back(space_->taxonomy().label(proposal.category->category));
      confidences_.push_back(proposal.confidence);
    }
    return labels;
  }

  // The reasons that were counted.
  std::map<std::string, std::uint64_t> rejected() const {
    std::map<std::string, std::uint64_t> counted;
    for (std::size_t i = 0; i < kRejectReasonCount; ++i) {
      if (rejected_[i] == 0) continue;
      counted[std::string(RejectReasonName(static_cast<RejectReason>(i)))] = rejected_[i];
    }
    return counted;
  }

  std::shared_ptr<const CategorySpace> space_ = SmallShopSpace();
  Blocklist blocklist_ = *Blocklist::Parse("prayer\ndisease");
  std::vector<bool> shown_ = std::vector<bool>(space_->taxonomy().level1_count());
  FilterOptions options_;
  InterestWeights feedback_;
  std::vector<Proposal> proposals_;
  std::vector<float> confidences_;  // Of what stood.
  RejectCounts rejected_{};
};

TEST_F(FilterProposalsTest, WhatStandsIsOrderedByConfidence) {
  Propose("Lanterns", 0.2F);
  Propose("Hiking Boots", 0.9F);
  EXPECT_THAT(Filtered(), ElementsAre("Hiking Boots", "Lanterns"));
  EXPECT_THAT(rejected(), IsEmpty());
}

TEST_F(FilterProposalsTest, EqualConfidenceIsOrderedByCategory) {
  Propose("Lanterns", 0.5F);
  Propose("Hiking Boots", 0.5F);
  EXPECT_THAT(Filtered(), ElementsAre("Hiking Boots", "Lanterns"));
}

TEST_F(FilterProposalsTest, AnIllegalRelationIsRejected) {
  Propose("Lanterns", 0.5F).relation = EdgeRelation::kHypernym;
  EXPECT_THAT(Filtered(), IsEmpty());
  EXPECT_THAT(rejected(), ElementsAre(Pair("relation", 1)));
}

TEST_F(FilterProposalsTest, AnUnknownCategoryIsRejected) {
  Propose("Lanterns", 0.5F).category = std::nullopt;
  EXPECT_THAT(Filtered(), IsEmpty());
  EXPECT_THAT(rejected(), ElementsAre(Pair("unknown_category", 1)));
}

TEST_F(FilterProposalsTest, ASensitiveDemandOrCategoryIsRejected) {
  Propose("Lanterns", 0.5F, "coping with a disease");
  Propose("Prayer Retreats", 0.5F);
  EXPECT_THAT(Filtered(), IsEmpty());
  EXPECT_THAT(rejected(), ElementsAre(Pair("blocked", 2)));
}

TEST_F(FilterProposalsTest, AShownLevelOneIsRejected) {
  Shown("Home");
  Propose("Lanterns", 0.5F);
  Propose("Hiking Boots", 0.5F);
  EXPECT_THAT(Filtered(), ElementsAre("Hiking Boots"));
  EXPECT_THAT(rejected(), ElementsAre(Pair("not_novel", 1)));
}

TEST_F(FilterProposalsTest, TheSurerOneOfTheSameCategoryStands) {
  Propose("Lanterns", 0.5F, "light at night");
  Propose("Hiking Boots", 0.8F);
  Propose("Lanterns", 0.9F, "camp evenings");
  EXPECT_THAT(Filtered(), ElementsAre("Lanterns", "Hiking Boots"));
  EXPECT_THAT(rejected(), ElementsAre(Pair("duplicate", 1)));
}

TEST_F(FilterProposalsTest, NearlyTheSameVectorIsADuplicate) {
  options_.duplicate_similarity = 0.3F;  // Lanterns and Desk Lamps share "Light, Home".
  Propose("Desk Lamps", 0.5F);
  Propose("Lanterns", 0.6F);
  Propose("Hiking Boots", 0.8F);
  EXPECT_THAT(Filtered(), ElementsAre("Hiking Boots", "Lanterns"));
  EXPECT_THAT(rejected(), ElementsAre(Pair("duplicate", 1)));
}

TEST_F(FilterProposalsTest, NoMoreThanTheCapPerLevelOneAndPerUser) {
  options_ = {.max_interests = 2, .max_per_level1 = 1};
  Propose("Desk Lamps", 0.9F);
  Propose("Lanterns", 0.8F);
  Propose("Hiking Boots", 0.7F);
  Propose("Coffee Grinders", 0.6F);
  EXPECT_THAT(Filtered(), ElementsAre("Desk Lamps", "Hiking Boots"));
  EXPECT_THAT(rejected(), ElementsAre(Pair("over_cap", 2)));
}

TEST_F(FilterProposalsTest, NoLevelOneCarriesTheWholeSet) {
  Propose("Desk Lamps", 0.9F);
  Propose("Lanterns", 0.8F);
  EXPECT_THAT(Filtered(), ElementsAre("Desk Lamps"));
  EXPECT_THAT(rejected(), ElementsAre(Pair("over_cap", 1)));
}

TEST_F(FilterProposalsTest, ARejectedCategoryAndALeftDemandAreOut) {
  Weighs("Lanterns", 0.0F);
  DemandWeighs("far trips", 0.0F);
  Propose("Lanterns", 0.9F);
  Propose("Mountain Trips", 0.8F, "Far Trips");
  Propose("Hiking Boots", 0.5F);
  EXPECT_THAT(Filtered(), ElementsAre("Hiking Boots"));
  EXPECT_THAT(rejected(), ElementsAre(Pair("feedback", 2)));
}

TEST_F(FilterProposalsTest, ACategoryOfALeftDemandStandsThroughAnotherOne) {
  DemandWeighs("far trips", 0.0F);
  Propose("Hiking Boots", 0.9F, "far trips");
  Propose("Hiking Boots", 0.5F, "walking the dog");
  EXPECT_THAT(Filtered(), ElementsAre("Hiking Boots"));
  EXPECT_THAT(confidences_, ElementsAre(0.5F));
  EXPECT_THAT(rejected(), ElementsAre(Pair("feedback", 1)));
}

TEST_F(FilterProposalsTest, FeedbackMultipliesConfidenceBeforeTheOrderIsMade) {
  Weighs("Hiking Boots", 0.5F);
  DemandWeighs("camp evenings", 1.25F);
  Propose("Hiking Boots", 0.9F);
  Propose("Coffee Grinders", 0.6F);
  Propose("Lanterns", 0.5F, "camp evenings");
  EXPECT_THAT(Filtered(), ElementsAre("Lanterns", "Coffee Grinders", "Hiking Boots"));
  EXPECT_THAT(confidences_, ElementsAre(0.625F, 0.6F, 0.45F));
}

TEST_F(FilterProposalsTest, ConfidenceStaysWithinOneAndKeepsTheOrderOfTheGains) {
  DemandWeighs("nights in the wild", 1.5F);
  Propose("Lanterns", 0.8F);
  Propose("Hiking Boots", 0.9F);
  EXPECT_THAT(Filtered(), ElementsAre("Hiking Boots", "Lanterns"));
  EXPECT_THAT(confidences_, ElementsAre(1.0F, 1.0F));
}

TEST_F(FilterProposalsTest, TheFirstReasonThatAppliesIsCounted) {
  Shown("Travel");
  Propose("Prayer Retreats", 0.5F).relation = EdgeRelation::kHypernym;
  Propose("Prayer Retreats", 0.5F);
  Propose("Mountain Trips", 0.5F);
  EXPECT_THAT(Filtered(), IsEmpty());
  EXPECT_THAT(rejected(),
              UnorderedElementsAre(Pair("relation", 1), Pair("blocked", 1), Pair("not_novel", 1)));
}

TEST_F(FilterProposalsTest, NothingProposedGivesNothing) { EXPECT_THAT(Filtered(), IsEmpty()); }

TEST_F(FilterProposalsTest, AssembledInterestsArePathsInTheGraph) {
  Propose("Lanterns", 0.6F).searches = {"tent", "camp"};
  Propose("Hiking Boots", 0.5F).relation = EdgeRelation::kHyponym;
  const Provenance provenance{.model = "m", .prompt_version = "p.v1", .strategy = "s"};
  const InterestSet set = AssembleInterests(proposals_, {}, *space_, provenance);
  ASSERT_EQ(set.interests.size(), 2U);
  EXPECT_EQ(PathInWords(set.interests[0]),
            "searched \"tent\", \"camp\" → nights in the wild → Lanterns");
  EXPECT_EQ(set.interests[0].category_id, "id of Lanterns");
  EXPECT_EQ(set.interests[0].level1, "Home");
  EXPECT_EQ(set.interests[0].provenance, provenance);
  EXPECT_NEAR(Dot(set.interests[0].embedding, space_->vector(InSmallShop("Lanterns"))), 1.0F,
              1e-5F);
  EXPECT_EQ(set.graph.nodes().size(), 5U);  // Two searches, one demand, two categories.
  EXPECT_EQ(set.graph.edges().size(), 4U);
}

}  // namespace
}  // namespace twohop
