#include "apps/twohop/explain_report.h"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "twohop/base/time_format.h"
#include "twohop/domain/latent_interest.h"

namespace twohop::app {
namespace {

std::string_view RelationMeans(EdgeRelation relation) {
  switch (relation) {
    case EdgeRelation::kHypernym:
      return "the wider thing";
    case EdgeRelation::kCoHyponym:
      return "another thing that meets the same demand";
    case EdgeRelation::kHyponym:
      return "a narrower thing within the demand";
  }
  return "unknown";
}

std::string_view KinshipMeans(Kinship kinship) {
  switch (kinship) {
    case Kinship::kSameDemand:
      return "the same demand calls for both";
    case Kinship::kSameLevel2:
      return "the same level-2 category";
    case Kinship::kSameLevel1:
      return "the same level-1 category";
  }
  return "unknown";
}

std::string DescribeEvidence(const PathEvidence& evidence) {
  return fmt::format("confidence {:.2f}, {} of {} votes, by {} with {} at {}", evidence.confidence,
                     evidence.votes, evidence.voters, evidence.provenance.strategy,
                     evidence.provenance.model, FormatTime(evidence.provenance.time));
}

std::string DescribePath(const RelationPath& path, const std::string& label) {
  return fmt::format("    {}\n      {}; {}\n", RelationPathInWords(path, label),
                     RelationMeans(path.relation),
                     path.evidence ? DescribeEvidence(*path.evidence) : "cut");
}

std::string Labels(const std::vector<CategoryIndex>& categories, const Taxonomy& taxonomy) {
  std::vector<std::string_view> labels;
  for (const CategoryIndex category : categories) labels.push_back(taxonomy.label(category));
  return fmt::format("{}", fmt::join(labels, ", "));
}

std::string RejectionInWords(const ProposalExplanation& edges, const Taxonomy& taxonomy) {
  if (edges.rejected == "blocked") return "it would be a sensitive inference, and none is made";
  if (edges.rejected == "not_novel") return "its level-1 category is among the user's clicks";
  if (edges.rejected == "duplicate") {
    return fmt::format("it is nearly the same as {}", Labels(edges.ahead, taxonomy));
  }
  if (edges.rejected == "over_cap") {
    return fmt::format("a user has few interests, and few of one level-1 category; surer are {}",
                       Labels(edges.ahead, taxonomy));
  }
  return fmt::format("the filter \"{}\" refuses it", edges.rejected);
}

std::string VerdictInWords(const ProposalExplanation& edges, CategoryIndex category,
                           const Taxonomy& taxonomy) {
  switch (edges.verdict) {
    case ProposalVerdict::kNoSearches:
      return "the user has no searches that reasoning may look at";
    case ProposalVerdict::kNotReached:
      return "no demand behind the user's searches calls for it";
    case ProposalVerdict::kRejected:
      return "not proposed: " + RejectionInWords(edges, taxonomy);
    case ProposalVerdict::kSearchedFor:
      return "not proposed: the user searches for this very category, so it is known";
    case ProposalVerdict::kStands:
      return "proposed by them now: what is stored is older, or of another strategy";
    case ProposalVerdict::kLevel1Full:
      return fmt::format("not proposed: {} {} surer and {} the places of {}",
                         Labels(edges.ahead, taxonomy), edges.ahead.size() == 1 ? "is" : "are",
                         edges.ahead.size() == 1 ? "has" : "have", taxonomy.at(category).level1);
    case ProposalVerdict::kBelowBest:
      return fmt::format("not proposed: only the {} best new ones are, and surer are {}",
                         edges.proposed, Labels(edges.ahead, taxonomy));
  }
  return "unknown";
}

std::string PathInWordsOf(const ProposalExplanation& edges, const std::string& label) {
  LatentInterest told;
  told.searches = edges.searches;
  told.demand = edges.demand;
  told.category_label = label;
  return PathInWords(told);
}

Json PathOrNulls(const ProposalExplanation& edges, const std::string& label) {
  Json json = Json::object();
  for (const char* field : {"path", "searches", "demand", "relation", "confidence", "rank"}) {
    json[field] = nullptr;
  }
  if (edges.rank == 0) return json;
  json["path"] = PathInWordsOf(edges, label);
  json["searches"] = edges.searches;
  json["demand"] = edges.demand;
  json["relation"] = EdgeRelationName(edges.relation);
  json["confidence"] = edges.confidence;
  json["rank"] = edges.rank;
  return json;
}

}  // namespace

std::string DescribeRelation(const PairRelation& relation) {
  std::string out = fmt::format("{} ({}), in {}\n  {}\n", relation.label, relation.category_id,
                                relation.level1, RelationInWords(relation));
  for (const RelationPath& path : relation.paths) out += DescribePath(path, relation.label);
  if (relation.nearest.empty()) return out;
  out += "  the interests nearest to it\n";
  for (const NearInterest& near : relation.nearest) {
    out += fmt::format("    {}\n      {}; confidence {:.2f}\n", near.path,
                       KinshipMeans(near.kinship), near.confidence);
  }
  return out;
}

std::string DescribeEdges(const Result<ProposalExplanation>& edges, CategoryIndex category,
                          const Taxonomy& taxonomy) {
  if (!edges.has_value()) {
    return fmt::format("  the shared edges were not asked: {}\n", edges.error().message());
  }
  std::string out = "  the edges that all users share\n";
  if (edges->rank > 0) {
    out += fmt::format(
        "    {}\n      {}; confidence {:.2f}, number {} of {} categories that they reach\n",
        PathInWordsOf(*edges, taxonomy.label(category)), RelationMeans(edges->relation),
        edges->confidence, edges->rank, edges->reached);
  }
  return out + fmt::format("    {}\n", VerdictInWords(*edges, category, taxonomy));
}

Json EdgesToJson(const Result<ProposalExplanation>& edges, CategoryIndex category,
                 const Taxonomy& taxonomy) {
  if (!edges.has_value()) {
    return {
        {"error",
         {{"code", ErrorCodeName(edges.error().code())}, {"message", edges.error().message()}}}};
  }
  Json json = PathOrNulls(*edges, taxonomy.label(category));
  json["verdict"] = ProposalVerdictName(edges->verdict);
  json["rejected"] = edges->rejected.empty() ? Json() : Json(edges->rejected);
  json["message"] = VerdictInWords(*edges, category, taxonomy);
  json["reached"] = edges->reached;
  json["proposed"] = edges->proposed;
  json["ahead"] = Json::array();
  for (const CategoryIndex one : edges->ahead) {
    json["ahead"].push_back({{"category", taxonomy.at(one).id}, {"label", taxonomy.label(one)}});
  }
  return json;
}

}  // namespace twohop::app
