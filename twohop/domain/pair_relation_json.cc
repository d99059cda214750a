#include "twohop/domain/pair_relation_json.h"

#include "twohop/base/time_format.h"
#include "twohop/domain/interest_json.h"

namespace twohop {
namespace {

// A category that was cut has no evidence, and every field of it is null.
void AddEvidence(const std::optional<PathEvidence>& evidence, Json& json) {
  for (const char* field : {"confidence", "votes", "voters", "grounding", "provenance"}) {
    json[field] = nullptr;
  }
  if (!evidence) return;
  json["confidence"] = evidence->confidence;
  json["votes"] = evidence->votes;
  json["voters"] = evidence->voters;
  json["grounding"] = GroundingName(evidence->grounding);
  json["provenance"] = ProvenanceToJson(evidence->provenance);
}

Json PathToJson(const RelationPath& path, const std::string& label) {
  Json json = {{"from", NodeKindName(path.source_kind)},
               {"search", nullptr},
               {"demand", path.demand},
               {"relation", EdgeRelationName(path.relation)},
               {"path", RelationPathInWords(path, label)}};
  if (path.source_kind == NodeKind::kSearch) json["search"] = path.source;
  if (path.source_kind == NodeKind::kBrowsing) json["browsed"] = path.source;
  if (path.source_kind == NodeKind::kProfile) json["cohort"] = path.source;
  AddEvidence(path.evidence, json);
  return json;
}

Json ClicksToJson(const KnownByClicks& clicks) {
  return {{"count", clicks.count},
          {"of", clicks.of},
          {"newest_item", clicks.newest.item.value()},
          {"newest_time", FormatTime(clicks.newest.time)},
          {"since_reasoning", clicks.since_then}};
}

Json NearToJson(const NearInterest& near) {
  return {{"category", near.category_id},
          {"label", near.label},
          {"by", KinshipName(near.kinship)},
          {"confidence", near.confidence},
          {"path", near.path}};
}

}  // namespace

Json PairRelationToJson(const PairRelation& relation) {
  Json json = {{"category", relation.category_id},
               {"label", relation.label},
               {"level1", relation.level1},
               {"related", relation.related()},
               {"reason", nullptr},
               {"message", RelationInWords(relation)},
               {"paths", Json::array()},
               {"clicks", nullptr},
               {"nearest", Json::array()},
               {"interest_count", relation.interest_count},
               {"interests_created", nullptr}};
  if (relation.reason) json["reason"] = NoRelationName(*relation.reason);
  if (relation.clicks) json["clicks"] = ClicksToJson(*relation.clicks);
  if (relation.created) json["interests_created"] = FormatTime(*relation.created);
  for (const RelationPath& path : relation.paths) {
    json["paths"].push_back(PathToJson(path, relation.label));
  }
  for (const NearInterest& near : relation.nearest) json["nearest"].push_back(NearToJson(near));
  return json;
}

}  // namespace twohop
