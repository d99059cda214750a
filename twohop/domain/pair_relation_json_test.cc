#include "twohop/domain/pair_relation_json.h"

#include <gtest/gtest.h>

namespace twohop {
namespace {

PairRelation Related() {
  PairRelation relation;
  relation.category_id = "c-7";
  relation.label = "Headlamps";
  relation.level1 = "Outdoors";
  relation.created = TimePoint(Milliseconds(0));
  relation.interest_count = 2;
  PathEvidence evidence{.confidence = 0.5F, .votes = 2, .voters = 3};
  evidence.provenance.model = "small";
  relation.paths.push_back({.source = "tent",
                            .demand = "sleeping outdoors",
                            .relation = EdgeRelation::kHyponym,
                            .evidence = evidence});
  return relation;
}

TEST(PairRelationToJsonTest, ARelationHasItsPathsAndNoReason) {
  EXPECT_EQ(PairRelationToJson(Related()), Json::parse(R"({
    "category": "c-7", "label": "Headlamps", "level1": "Outdoors", "related": true,
    "reason": null, "message": "a latent interest, by 1 path",
    "paths": [{
      "from": "search", "search": "tent", "demand": "sleeping outdoors", "relation": "hyponym",
      "path": "searched \"tent\" → sleeping outdoors → Headlamps",
      "confidence": 0.5, "votes": 2, "voters": 3, "grounding": "exact",
      "provenance": {"model": "small", "prompt_version": "", "strategy": "", "seed": 0,
                     "time": "1970-01-01T00:00:00.000Z", "taxonomy": "0000000000000000"}}],
    "clicks": null, "nearest": [], "interest_count": 2,
    "interests_created": "1970-01-01T00:00:00.000Z"
  })"));
}

TEST(PairRelationToJsonTest, AKnownCategoryHasItsClicks) {
  PairRelation relation = Related();
  relation.reason = NoRelation::kNotNovel;
  relation.clicks = {
      .count = 2,
      .of = 37,
      .newest = {.item = ItemId("i1"), .level1 = "Outdoors", .time = TimePoint(Milliseconds(1))},
      .since_then = true};
  const Json json = PairRelationToJson(relation);
  EXPECT_EQ(json["related"], false);
  EXPECT_EQ(json["reason"], "not_novel");
  EXPECT_EQ(json["paths"].size(), 1U);
  EXPECT_EQ(json["clicks"], Json::parse(R"({"count": 2, "of": 37, "newest_item": "i1",
    "newest_time": "1970-01-01T00:00:00.001Z", "since_reasoning": true})"));
}

TEST(PairRelationToJsonTest, ACutPathHasNoEvidence) {
  PairRelation relation = Related();
  relation.reason = NoRelation::kCut;
  relation.paths[0].evidence.reset();
  relation.nearest.push_back({.category_id = "c-8",
                              .label = "Tents",
                              .kinship = Kinship::kSameDemand,
                              .confidence = 0.5F,
                              .path = "p"});
  const Json json = PairRelationToJson(relation);
  EXPECT_EQ(json["reason"], "cut");
  EXPECT_EQ(json["paths"][0]["confidence"], nullptr);
  EXPECT_EQ(json["paths"][0]["provenance"], nullptr);
  EXPECT_EQ(json["nearest"], Json::parse(R"([{"category": "c-8", "label": "Tents",
    "by": "same_demand", "confidence": 0.5, "path": "p"}])"));
}

TEST(PairRelationToJsonTest, AProfileIsNoSearch) {
  PairRelation relation = Related();
  relation.paths[0].source_kind = NodeKind::kProfile;
  const Json path = PairRelationToJson(relation)["paths"][0];
  EXPECT_EQ(path["from"], "profile");
  EXPECT_EQ(path["search"], nullptr);
}

TEST(PairRelationToJsonTest, WithoutInterestsTheirTimeIsNull) {
  PairRelation relation;
  relation.reason = NoRelation::kNoInterests;
  const Json json = PairRelationToJson(relation);
  EXPECT_EQ(json["reason"], "no_interests");
  EXPECT_EQ(json["interests_created"], nullptr);
  EXPECT_EQ(json["paths"], Json::array());
}

}  // namespace
}  // namespace twohop
