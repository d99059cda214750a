#include "twohop/domain/pair_relation.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/base/time_format.h"

namespace twohop {
namespace {

constexpr std::size_t kMaxNearest = 5;

bool IsCategory(const PairQuestion& question, const GraphNode& node) {
  return node.kind == NodeKind::kCategory &&
         question.taxonomy.FindById(node.key) == question.category;
}

// The edges from demands to the category.
std::vector<GraphEdge> EdgesToCategory(const PairQuestion& question) {
  std::vector<GraphEdge> edges;
  if (question.interests == nullptr) return edges;
  const InterestGraph& graph = question.interests->graph;
  std::copy_if(graph.edges().begin(), graph.edges().end(), std::back_inserter(edges),
               [&](const GraphEdge& edge) { return IsCategory(question, graph.at(edge.to)); });
  return edges;
}

const LatentInterest* FindInterest(const PairQuestion& question, std::string_view demand) {
  if (question.interests == nullptr) return nullptr;
  const LatentInterest* found = nullptr;
  for (const LatentInterest& interest : question.interests->interests) {
    if (question.taxonomy.FindById(interest.category_id) != question.category) continue;
    if (interest.demand == demand) return &interest;
    if (found == nullptr) found = &interest;
  }
  return found;
}

RelationPath PathOver(const GraphEdge& up, const GraphEdge& down, const PairQuestion& question) {
  const InterestGraph& graph = question.interests->graph;
  RelationPath path{.source_kind = graph.at(up.from).kind,
                    .source = graph.at(up.from).text,
                    .demand = graph.at(up.to).text,
                    .relation = down.relation,
                    .evidence = std::nullopt};
  if (const LatentInterest* interest = FindInterest(question, path.demand)) {
    path.evidence = {.confidence = interest->confidence,
                     .votes = interest->votes,
                     .voters = interest->voters,
                     .grounding = interest->grounding,
                     .provenance = interest->provenance};
  }
  return path;
}

std::vector<RelationPath> PathsOver(std::span<const GraphEdge> edges_down,
                                    const PairQuestion& question) {
  std::vector<RelationPath> paths;
  for (const GraphEdge& down : edges_down) {
    for (const GraphEdge& up : question.interests->graph.edges()) {
      if (up.to == down.from) paths.push_back(PathOver(up, down, question));
    }
  }
  return paths;
}

std::optional<KnownByClicks> ClicksIn(const std::string& level1, const PairQuestion& question) {
  KnownByClicks known{.of = question.clicks.size()};
  TimePoint oldest;
  for (const Level1Click& click : question.clicks) {
    if (click.level1 != level1) continue;
    if (known.count++ == 0) known.newest = click;
    oldest = click.time;
  }
  if (known.count == 0) return std::nullopt;
  known.since_then = question.interests != nullptr && oldest > question.interests->created;
  return known;
}

std::optional<NoRelation> WhyNot(const PairRelation& relation, const PairQuestion& question) {
  if (relation.clicks) return NoRelation::kNotNovel;
  if (question.interests == nullptr) return NoRelation::kNoInterests;
  if (relation.paths.empty()) return NoRelation::kNotReached;
  if (!relation.paths.front().evidence) return NoRelation::kCut;
  return std::nullopt;
}

bool CallsForCategory(std::string_view demand, std::span<const GraphEdge> edges_down,
                      const InterestGraph& graph) {
  return std::any_of(edges_down.begin(), edges_down.end(),
                     [&](const GraphEdge& down) { return graph.at(down.from).text == demand; });
}

std::optional<Kinship> KinshipOf(const LatentInterest& interest,
                                 std::span<const GraphEdge> edges_down,
                                 const PairQuestion& question) {
  const auto other = question.taxonomy.FindById(interest.category_id);
  if (other == question.category) return std::nullopt;
  if (CallsForCategory(interest.demand, edges_down, question.interests->graph)) {
    return Kinship::kSameDemand;
  }
  if (!other) return std::nullopt;
  const Category& a = question.taxonomy.at(*other);
  const Category& b = question.taxonomy.at(question.category);
  if (a.level1 != b.level1) return std::nullopt;
  return a.level2 == b.level2 ? Kinship::kSameLevel2 : Kinship::kSameLevel1;
}

std::vector<NearInterest> NearestInterests(std::span<const GraphEdge> edges_down,
                                           const PairQuestion& question) {
  std::vector<NearInterest> nearest;
  if (question.interests == nullptr) return nearest;
  for (const LatentInterest& interest : question.interests->interests) {
    const auto kinship = KinshipOf(interest, edges_down, question);
    if (!kinship) continue;
    nearest.push_back({.category_id = interest.category_id,
                       .label = interest.category_label,
                       .kinship = *kinship,
                       .confidence = interest.confidence,
                       .path = PathInWords(interest)});
  }
  std::stable_sort(nearest.begin(), nearest.end(), [](const auto& a, const auto& b) {
    return a.kinship != b.kinship ? a.kinship < b.kinship : a.confidence > b.confidence;
  });
  nearest.resize(std::min(nearest.size(), kMaxNearest));
  return nearest;
}

std::string KnownInWords(const PairRelation& relation) {
  const KnownByClicks& known = *relation.clicks;
  std::string words = fmt::format(
      "not a latent interest: {} of the last {} clicks are in {}, the newest on item \"{}\" at {}, "
      "so the user knows it",
      known.count, known.of, relation.level1, known.newest.item.value(),
      FormatTime(known.newest.time));
  if (known.since_then && !relation.paths.empty()) {
    words += fmt::format("; it was new when it was proposed, at {}", FormatTime(*relation.created));
  }
  return words;
}

std::string NotReachedInWords(const PairRelation& relation) {
  if (relation.interest_count == 0) {
    return "not a latent interest: reasoning found none that stands for this user";
  }
  return fmt::format("not a latent interest: none of the {} stored leads there",
                     relation.interest_count);
}

}  // namespace

std::string_view NoRelationName(NoRelation reason) {
  switch (reason) {
    case NoRelation::kNotNovel:
      return "not_novel";
    case NoRelation::kNoInterests:
      return "no_interests";
    case NoRelation::kCut:
      return "cut";
    case NoRelation::kNotReached:
      return "not_reached";
  }
  return "unknown";
}

std::string_view KinshipName(Kinship kinship) {
  switch (kinship) {
    case Kinship::kSameDemand:
      return "same_demand";
    case Kinship::kSameLevel2:
      return "same_level2";
    case Kinship::kSameLevel1:
      return "same_level1";
  }
  return "unknown";
}

PairRelation RelatePair(const PairQuestion& question) {
  TWOHOP_DCHECK(question.category.value() < question.taxonomy.size());
  const Category& category = question.taxonomy.at(question.category);
  PairRelation relation;
  relation.category_id = category.id;
  relation.label = question.taxonomy.label(question.category);
  relation.level1 = category.level1;
  const std::vector<GraphEdge> edges_down = EdgesToCategory(question);
  relation.paths = PathsOver(edges_down, question);
  relation.clicks = ClicksIn(category.level1, question);
  if (question.interests != nullptr) {
    relation.created = question.interests->created;
    relation.interest_count = question.interests->interests.size();
  }
  relation.reason = WhyNot(relation, question);
  if (!relation.related()) relation.nearest = NearestInterests(edges_down, question);
  return relation;
}

std::vector<PairRelation> RelateAllInterests(const Taxonomy& taxonomy, const InterestSet& interests,
                                             std::span<const Level1Click> clicks) {
  std::vector<PairRelation> relations;
  std::unordered_set<std::uint32_t> seen;
  for (const LatentInterest& interest : interests.interests) {
    const auto category = taxonomy.FindById(interest.category_id);
    if (!category || !seen.insert(category->value()).second) continue;
    relations.push_back(RelatePair(
        {.taxonomy = taxonomy, .category = *category, .interests = &interests, .clicks = clicks}));
  }
  return relations;
}

namespace {

std::string SourceInWords(const RelationPath& path) {
  switch (path.source_kind) {
    case NodeKind::kProfile:
      return path.source.empty() ? "profile" : fmt::format("others ({})", path.source);
    case NodeKind::kBrowsing:
      return fmt::format("looked at {}", path.source);
    default:
      return fmt::format("searched \"{}\"", path.source);
  }
}

}  // namespace

std::string RelationPathInWords(const RelationPath& path, std::string_view category_label) {
  return fmt::format("{} → {} → {}", SourceInWords(path), path.demand, category_label);
}

std::string RelationInWords(const PairRelation& relation) {
  if (relation.related()) {
    return fmt::format("a latent interest, by {} path{}", relation.paths.size(),
                       relation.paths.size() == 1 ? "" : "s");
  }
  switch (*relation.reason) {
    case NoRelation::kNotNovel:
      return KnownInWords(relation);
    case NoRelation::kNoInterests:
      return "no interests are stored for this user yet";
    case NoRelation::kCut:
      return "not a latent interest: a demand calls for it, but it was cut from the user's "
             "interests (they hold few, few of one level 1, and no near-duplicates)";
    case NoRelation::kNotReached:
      return NotReachedInWords(relation);
  }
  return "unknown";
}

}  // namespace twohop
