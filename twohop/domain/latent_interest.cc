#include "twohop/domain/latent_interest.h"

#include <limits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace twohop {
namespace {

constexpr std::uint64_t kRecordVersion = 3;
// The first version with maker and inputs, and that with categories browsed and cohort.
constexpr std::uint64_t kMakerVersion = 2;
constexpr std::uint64_t kBrowsedVersion = 3;

std::uint32_t ReadUint32(BinaryReader& in) {
  return static_cast<std::uint32_t>(in.UnsignedIn(0, std::numeric_limits<std::uint32_t>::max()));
}

EdgeRelation ReadRelation(BinaryReader& in) {
  return static_cast<EdgeRelation>(in.UnsignedIn(1, 3));
}

void WriteProvenance(const Provenance& provenance, BinaryWriter& out) {
  out.Bytes(provenance.model);
  out.Bytes(provenance.prompt_version);
  out.Bytes(provenance.strategy);
  out.Unsigned(provenance.seed);
  out.Signed(provenance.time.time_since_epoch().count());
  out.Unsigned(provenance.taxonomy);
}

Provenance ReadProvenance(BinaryReader& in) {
  Provenance provenance;
  provenance.model = std::string(in.Bytes());
  provenance.prompt_version = std::string(in.Bytes());
  provenance.strategy = std::string(in.Bytes());
  provenance.seed = in.Unsigned();
  provenance.time = TimePoint(Milliseconds(in.Signed()));
  provenance.taxonomy = in.Unsigned();
  return provenance;
}

std::vector<std::string> ReadTexts(BinaryReader& in) {
  std::vector<std::string> texts(in.Count());
  for (std::string& text : texts) text = std::string(in.Bytes());
  return texts;
}

void WriteInterest(const LatentInterest& interest, BinaryWriter& out) {
  out.Bytes(interest.category_id);
  out.Bytes(interest.category_label);
  out.Bytes(interest.level1);
  out.Unsigned(interest.searches.size());
  for (const std::string& search : interest.searches) out.Bytes(search);
  out.Unsigned(interest.browsed.size());
  for (const std::string& category : interest.browsed) out.Bytes(category);
  out.Bytes(interest.cohort);
  out.Bytes(interest.demand);
  out.Unsigned(static_cast<std::uint64_t>(interest.relation));
  out.Unsigned(static_cast<std::uint64_t>(interest.grounding));
  out.Float(interest.similarity);
  out.Float(interest.confidence);
  out.Unsigned(interest.votes);
  out.Unsigned(interest.voters);
  WriteProvenance(interest.provenance, out);
  out.Floats(interest.embedding);
}

LatentInterest ReadInterest(BinaryReader& in, std::uint64_t version) {
  LatentInterest interest;
  interest.category_id = std::string(in.Bytes());
  interest.category_label = std::string(in.Bytes());
  interest.level1 = std::string(in.Bytes());
  interest.searches = ReadTexts(in);
  if (version >= kBrowsedVersion) {
    interest.browsed = ReadTexts(in);
    interest.cohort = std::string(in.Bytes());
  }
  interest.demand = std::string(in.Bytes());
  interest.relation = ReadRelation(in);
  interest.grounding = static_cast<Grounding>(in.UnsignedIn(1, 3));
  interest.similarity = in.Float();
  interest.confidence = in.Float();
  interest.votes = ReadUint32(in);
  interest.voters = ReadUint32(in);
  interest.provenance = ReadProvenance(in);
  interest.embedding = in.Floats();
  return interest;
}

void WriteGraph(const InterestGraph& graph, BinaryWriter& out) {
  out.Unsigned(graph.nodes().size());
  for (const GraphNode& node : graph.nodes()) {
    out.Unsigned(static_cast<std::uint64_t>(node.kind));
    out.Bytes(node.text);
    out.Bytes(node.key);
  }
  out.Unsigned(graph.edges().size());
  for (const GraphEdge& edge : graph.edges()) {
    out.Unsigned(edge.from.value());
    out.Unsigned(edge.to.value());
    out.Unsigned(static_cast<std::uint64_t>(edge.relation));
  }
}

// Rebuilds through AddEdge, so that a damaged record cannot smuggle in an illegal edge.
Result<InterestGraph> ReadGraph(BinaryReader& in) {
  InterestGraph graph;
  const std::size_t node_count = in.Count();
  for (std::size_t i = 0; i < node_count; ++i) {
    const auto kind = static_cast<NodeKind>(in.UnsignedIn(1, 5));
    const std::string_view text = in.Bytes();
    graph.AddNode(kind, text, in.Bytes());
    const bool is_new = graph.nodes().size() == i + 1;
    if (in.failed() || !is_new) return DataLoss("interest record is damaged");
  }
  const std::size_t edge_count = in.Count();
  for (std::size_t i = 0; i < edge_count; ++i) {
    const NodeIndex from(ReadUint32(in));
    const NodeIndex to(ReadUint32(in));
    const EdgeRelation relation = ReadRelation(in);
    if (in.failed()) return DataLoss("interest record is damaged");
    if (const Status added = graph.AddEdge(from, relation, to); !added.has_value()) {
      return DataLoss(added.error().message());
    }
  }
  return graph;
}

std::string EvidenceInWords(const LatentInterest& interest) {
  std::string text;
  if (!interest.searches.empty()) {
    text = fmt::format("searched \"{}\"", fmt::join(interest.searches, "\", \""));
  }
  if (!interest.browsed.empty()) {
    if (!text.empty()) text += ", ";
    text += fmt::format("looked at {}", fmt::join(interest.browsed, ", "));
  }
  if (!text.empty()) return text;
  return interest.cohort.empty() ? "profile" : fmt::format("others ({})", interest.cohort);
}

}  // namespace

std::string_view GroundingName(Grounding grounding) {
  switch (grounding) {
    case Grounding::kExact:
      return "exact";
    case Grounding::kNearest:
      return "nearest";
    case Grounding::kDemand:
      return "demand";
  }
  return "unknown";
}

std::string PathInWords(const LatentInterest& interest) {
  return fmt::format("{} → {} → {}", EvidenceInWords(interest), interest.demand,
                     interest.category_label);
}

void WriteInterestSet(const InterestSet& set, BinaryWriter& out) {
  out.Unsigned(kRecordVersion);
  out.Signed(set.created.time_since_epoch().count());
  out.Unsigned(set.maker);
  out.Unsigned(set.inputs);
  out.Unsigned(set.interests.size());
  for (const LatentInterest& interest : set.interests) WriteInterest(interest, out);
  WriteGraph(set.graph, out);
}

Result<InterestSet> ReadInterestSet(BinaryReader& in) {
  const std::uint64_t version = in.Unsigned();
  if (in.failed() || version == 0) return DataLoss("interest record is damaged");
  if (version > kRecordVersion) {
    return Unimplemented(fmt::format("interest record of version {}", version));
  }
  InterestSet set;
  set.created = TimePoint(Milliseconds(in.Signed()));
  if (version >= kMakerVersion) {
    set.maker = in.Unsigned();
    set.inputs = in.Unsigned();
  }
  const std::size_t count = in.Count();
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    set.interests.push_back(ReadInterest(in, version));
  }
  TWOHOP_ASSIGN_OR_RETURN(set.graph, ReadGraph(in));
  if (in.failed()) return DataLoss("interest record is damaged");
  return set;
}

}  // namespace twohop
