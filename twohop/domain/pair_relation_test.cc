#include "twohop/domain/pair_relation.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twohop {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

Category At(std::string id, std::string level1, std::string level2, std::string level3) {
  Category category;
  category.id = std::move(id);
  category.level1 = std::move(level1);
  category.level2 = std::move(level2);
  category.level3 = std::move(level3);
  return category;
}

TimePoint Minute(int minutes) { return TimePoint(std::chrono::minutes(minutes)); }

// A shop of lamps, boots, trips and pans; interests are reasoned at minute 100.
class PairRelationTest : public testing::Test {
 protected:
  PairRelationTest() {
    std::vector<Category> categories{
        At("lamps", "Home", "Light", "Lamps"),    At("lanterns", "Home", "Light", "Lanterns"),
        At("rugs", "Home", "Floor", "Rugs"),      At("boots", "Shoes", "Hiking", "Boots"),
        At("trips", "Travel", "Nature", "Trips"), At("pans", "Kitchen", "Cooking", "Pans")};
    categories[0].aliases = {"old lamps"};
    taxonomy_ = *Taxonomy::Build(std::move(categories));
    set_.created = Minute(100);
  }

  void AddEdges(const std::vector<std::string>& searches, const std::string& demand,
                const std::string& category, EdgeRelation relation = EdgeRelation::kCoHyponym) {
    const NodeIndex middle = set_.graph.AddNode(NodeKind::kDemand, demand);
    for (const std::string& search : searches) {
      const NodeIndex from = set_.graph.AddNode(NodeKind::kSearch, search);
      ASSERT_TRUE(set_.graph.AddEdge(from, EdgeRelation::kHypernym, middle).has_value());
    }
    const NodeIndex to = set_.graph.AddNode(NodeKind::kCategory, "label of " + category, category);
    ASSERT_TRUE(set_.graph.AddEdge(middle, relation, to).has_value());
  }

  void AddInterest(const std::vector<std::string>& searches, const std::string& demand,
                   const std::string& category, float confidence = 0.5F) {
    LatentInterest interest;
    interest.category_id = category;
    interest.category_label = "label of " + category;
    interest.searches = searches;
    interest.demand = demand;
    interest.confidence = confidence;
    interest.votes = 2;
    interest.voters = 3;
    interest.provenance.model = "small";
    set_.interests.push_back(std::move(interest));
    AddEdges(searches, demand, category);
  }

  void Click(const std::string& level1, int minute) {
    clicks_.insert(clicks_.begin(),
                   {.item = ItemId("item of " + level1), .level1 = level1, .time = Minute(minute)});
  }

  PairRelation Relate(std::string_view category) const {
    return RelatePair({.taxonomy = *taxonomy_,
                       .category = *taxonomy_->FindById(category),
                       .interests = has_set_ ? &set_ : nullptr,
                       .clicks = clicks_});
  }

  static std::vector<std::string> Words(const PairRelation& relation) {
    std::vector<std::string> words;
    for (const RelationPath& path : relation.paths) {
      words.push_back(RelationPathInWords(path, relation.label));
    }
    return words;
  }

  static std::vector<std::string> Nearest(const PairRelation& relation) {
    std::vector<std::string> near;
    for (const NearInterest& one : relation.nearest) {
      near.push_back(one.category_id + " " + std::string(KinshipName(one.kinship)));
    }
    return near;
  }

  std::optional<Taxonomy> taxonomy_;
  InterestSet set_;
  bool has_set_ = true;
  std::vector<Level1Click> clicks_;
};

TEST_F(PairRelationTest, AnInterestIsRelatedByThePathOfEachSearch) {
  AddInterest({"tent", "stove"}, "sleeping outdoors", "lamps");
  const PairRelation relation = Relate("lamps");
  EXPECT_TRUE(relation.related());
  EXPECT_EQ(relation.category_id, "lamps");
  EXPECT_EQ(relation.label, "Lamps");
  EXPECT_EQ(relation.level1, "Home");
  EXPECT_THAT(Words(relation), ElementsAre("searched \"tent\" → sleeping outdoors → Lamps",
                                           "searched \"stove\" → sleeping outdoors → Lamps"));
  EXPECT_THAT(relation.nearest, IsEmpty());
  EXPECT_EQ(relation.created, Minute(100));
  EXPECT_EQ(RelationInWords(relation), "a latent interest, by 2 paths");
}

TEST_F(PairRelationTest, APathCarriesWhatReasoningSaidForIt) {
  AddInterest({"tent"}, "sleeping outdoors", "lamps", 0.7F);
  const PathEvidence evidence = Relate("lamps").paths.at(0).evidence.value();
  EXPECT_FLOAT_EQ(evidence.confidence, 0.7F);
  EXPECT_EQ(evidence.votes, 2U);
  EXPECT_EQ(evidence.voters, 3U);
  EXPECT_EQ(evidence.provenance.model, "small");
}

TEST_F(PairRelationTest, EveryPathIsLegalAndInTheGraph) {
  AddInterest({"tent", "stove"}, "sleeping outdoors", "lamps");
  AddInterest({"tent"}, "walking far", "boots");
  AddEdges({"dark cellar"}, "seeing at night", "lamps", EdgeRelation::kHyponym);
  const PairRelation relation = Relate("lamps");
  ASSERT_THAT(relation.paths, SizeIs(3));
  for (const RelationPath& path : relation.paths) {
    EXPECT_TRUE(IsLegalEdge(path.source_kind, EdgeRelation::kHypernym, NodeKind::kDemand));
    EXPECT_TRUE(IsLegalEdge(NodeKind::kDemand, path.relation, NodeKind::kCategory));
    const auto from = set_.graph.FindNode(path.source_kind, path.source);
    const auto demand = set_.graph.FindNode(NodeKind::kDemand, path.demand);
    const auto to = set_.graph.FindNode(NodeKind::kCategory, "label of lamps");
    ASSERT_TRUE(from && demand && to);
    EXPECT_THAT(set_.graph.edges(),
                testing::IsSupersetOf({GraphEdge{*from, *demand, EdgeRelation::kHypernym},
                                       GraphEdge{*demand, *to, path.relation}}));
  }
}

TEST_F(PairRelationTest, OneCategoryThroughTwoDemandsHasBothPathsEachWithItsOwnEvidence) {
  AddInterest({"tent"}, "sleeping outdoors", "lamps", 0.7F);
  AddInterest({"dark cellar"}, "seeing at night", "lamps", 0.4F);
  const PairRelation relation = Relate("lamps");
  EXPECT_TRUE(relation.related());
  EXPECT_THAT(Words(relation), ElementsAre("searched \"tent\" → sleeping outdoors → Lamps",
                                           "searched \"dark cellar\" → seeing at night → Lamps"));
  EXPECT_FLOAT_EQ(relation.paths[0].evidence->confidence, 0.7F);
  EXPECT_FLOAT_EQ(relation.paths[1].evidence->confidence, 0.4F);
}

TEST_F(PairRelationTest, APathFromTheProfileSaysSo) {
  AddInterest({}, "moving in", "lamps");
  const NodeIndex profile = set_.graph.AddNode(NodeKind::kProfile, "25-34");
  const NodeIndex demand = *set_.graph.FindNode(NodeKind::kDemand, "moving in");
  ASSERT_TRUE(set_.graph.AddEdge(profile, EdgeRelation::kHypernym, demand).has_value());
  EXPECT_THAT(Words(Relate("lamps")), ElementsAre("others (25-34) → moving in → Lamps"));
}

TEST_F(PairRelationTest, AnInterestInAnAliasIsOneInTheCategory) {
  AddInterest({"tent"}, "sleeping outdoors", "old lamps");
  EXPECT_TRUE(Relate("lamps").related());
}

TEST_F(PairRelationTest, AClickBeforeReasoningMakesACategoryKnown) {
  Click("Home", 10);
  Click("Shoes", 20);
  Click("Home", 30);
  const PairRelation relation = Relate("lamps");
  EXPECT_EQ(relation.reason, NoRelation::kNotNovel);
  EXPECT_EQ(relation.clicks->count, 2U);
  EXPECT_EQ(relation.clicks->of, 3U);
  EXPECT_EQ(relation.clicks->newest.time, Minute(30));
  EXPECT_FALSE(relation.clicks->since_then);
  EXPECT_THAT(RelationInWords(relation),
              AllOf(HasSubstr("2 of the last 3 clicks are in Home"),
                    HasSubstr("item \"item of Home\""), Not(HasSubstr("was new"))));
}

TEST_F(PairRelationTest, AClickAfterReasoningMakesAnInterestKnownAndItsPathStays) {
  AddInterest({"tent"}, "sleeping outdoors", "lamps");
  Click("Home", 150);
  const PairRelation relation = Relate("lamps");
  EXPECT_FALSE(relation.related());
  EXPECT_EQ(relation.reason, NoRelation::kNotNovel);
  EXPECT_TRUE(relation.clicks->since_then);
  EXPECT_THAT(relation.paths, SizeIs(1));
  EXPECT_THAT(RelationInWords(relation), HasSubstr("it was new when it was proposed"));
}

TEST_F(PairRelationTest, ClicksOnUnknownItemsSayNothing) {
  Click("", 10);
  AddInterest({"tent"}, "sleeping outdoors", "lamps");
  EXPECT_TRUE(Relate("lamps").related());
}

TEST_F(PairRelationTest, WithoutStoredInterestsThatIsTheReason) {
  has_set_ = false;
  const PairRelation relation = Relate("lamps");
  EXPECT_EQ(relation.reason, NoRelation::kNoInterests);
  EXPECT_EQ(relation.created, std::nullopt);
  EXPECT_THAT(relation.paths, IsEmpty());
}

TEST_F(PairRelationTest, AClickedCategoryIsKnownEvenWithoutStoredInterests) {
  has_set_ = false;
  Click("Home", 10);
  EXPECT_EQ(Relate("lamps").reason, NoRelation::kNotNovel);
}

TEST_F(PairRelationTest, AnEmptySetReachesNothing) {
  const PairRelation relation = Relate("lamps");
  EXPECT_EQ(relation.reason, NoRelation::kNotReached);
  EXPECT_EQ(relation.interest_count, 0U);
  EXPECT_THAT(RelationInWords(relation), HasSubstr("found none that stands"));
}

TEST_F(PairRelationTest, WhatIsNotReachedIsToldTheNearestInterests) {
  AddInterest({"tent"}, "walking far", "boots", 0.9F);
  AddInterest({"tent"}, "a cosy home", "rugs", 0.8F);
  AddInterest({"tent"}, "sleeping outdoors", "lanterns", 0.2F);
  const PairRelation relation = Relate("lamps");
  EXPECT_EQ(relation.reason, NoRelation::kNotReached);
  EXPECT_THAT(Nearest(relation), ElementsAre("lanterns same_level2", "rugs same_level1"));
  EXPECT_EQ(relation.nearest[0].path, "searched \"tent\" → sleeping outdoors → label of lanterns");
  EXPECT_THAT(RelationInWords(relation), HasSubstr("none of the 3 stored leads there"));
}

TEST_F(PairRelationTest, APathWithoutAnInterestWasCut) {
  AddInterest({"tent"}, "sleeping outdoors", "trips");
  AddEdges({"tent"}, "sleeping outdoors", "lamps");
  const PairRelation relation = Relate("lamps");
  EXPECT_EQ(relation.reason, NoRelation::kCut);
  ASSERT_THAT(relation.paths, SizeIs(1));
  EXPECT_EQ(relation.paths[0].evidence, std::nullopt);
  EXPECT_THAT(Nearest(relation), ElementsAre("trips same_demand"));
}

TEST_F(PairRelationTest, ADemandWithoutASearchIsNoPath) {
  AddInterest({}, "moving in", "lamps");
  EXPECT_EQ(Relate("lamps").reason, NoRelation::kNotReached);
}

TEST_F(PairRelationTest, NoMoreThanFiveAreNear) {
  for (int i = 0; i < 7; ++i) AddInterest({"tent"}, "sleeping outdoors", "lanterns");
  EXPECT_THAT(Relate("lamps").nearest, SizeIs(5));
}

TEST_F(PairRelationTest, AllInterestsAreRelatedInTheirOrderEachOnce) {
  AddInterest({"tent"}, "walking far", "boots");
  AddInterest({"tent"}, "sleeping outdoors", "lamps");
  AddInterest({"stove"}, "seeing at night", "lamps");
  AddInterest({"stove"}, "cooking", "gone from the taxonomy");
  Click("Shoes", 150);
  std::vector<std::string> told;
  for (const PairRelation& one : RelateAllInterests(*taxonomy_, set_, clicks_)) {
    told.push_back(one.category_id + (one.related() ? " related" : " known"));
  }
  EXPECT_THAT(told, ElementsAre("boots known", "lamps related"));
}

}  // namespace
}  // namespace twohop
