#include "apps/twohop/edges_pipeline.h"

#include <iterator>
#include <unordered_map>
#include <utility>

#include "apps/twohop/embed_pipeline.h"
#include <fmt/format.h>

#include "twohop/base/file.h"
#include "twohop/base/hash.h"
#include "twohop/distill/trace_edges.h"
#include "twohop/towers/embedding_file.h"

namespace twohop::app {
namespace {

Result<std::vector<DemandEdges>> ReadAll(std::span<const std::filesystem::path> files,
                                         const Taxonomy& taxonomy,
                                         std::vector<std::string>& faults) {
  std::vector<DemandEdges> all;
  for (const std::filesystem::path& file : files) {
    TWOHOP_ASSIGN_OR_RETURN(auto read, ReadTracesOrEdges(file, taxonomy));
    for (const LineFault& fault : read.faults) {
      faults.push_back(fmt::format("{}:{}: {}", file.string(), fault.line, fault.reason));
    }
    if (read.rows.empty()) return InvalidArgument("no good line; the first: " + faults.back());
    std::move(read.rows.begin(), read.rows.end(), std::back_inserter(all));
  }
  return all;
}

std::string ToJsonl(std::span<const DemandEdges> all, const Taxonomy& taxonomy) {
  std::string text;
  for (const DemandEdges& edges : all) text += DumpJson(DemandEdgesToJson(edges, taxonomy)) + "\n";
  return text;
}

// The same demand occurs with several users: each text is embedded once.
Result<Embeddings> EmbedDemands(std::span<const DemandEdges> all, EmbeddingClient& client,
                                Progress& progress, const std::stop_token& stop) {
  std::unordered_map<std::string, std::size_t> row_of;
  std::vector<std::string> texts;
  for (const DemandEdges& edges : all) {
    if (row_of.emplace(edges.demand, texts.size()).second) texts.push_back(edges.demand);
  }
  TWOHOP_ASSIGN_OR_RETURN(const Embeddings distinct,
                          EmbedTexts("embed demands", texts, client, progress, stop));
  Embeddings vectors;
  for (const DemandEdges& edges : all) vectors.Append(distinct.row(row_of[edges.demand]));
  return vectors;
}

bool IsCurrent(const Workspace& workspace, std::uint64_t source, const std::string& encoder) {
  const auto stored = LoadEmbeddingFile(workspace.demand_embeddings());
  return stored.has_value() && stored->source == source && stored->encoder == encoder;
}

Status NotThere(std::string_view why) {
  return FailedPrecondition(
      fmt::format("{}: run `twohop edges FILE` with a teacher's traces, or choose another "
                  "reasoning.strategy",
                  why));
}

}  // namespace

Result<EdgesReport> ImportEdges(const Workspace& workspace, const Taxonomy& taxonomy,
                                std::span<const std::filesystem::path> files, ModelAccess& models,
                                Progress& progress, std::stop_token stop) {
  EdgesReport report;
  TWOHOP_ASSIGN_OR_RETURN(const std::vector<DemandEdges> all,
                          ReadAll(files, taxonomy, report.faults));
  report.demands = all.size();
  for (const DemandEdges& edges : all) report.edges += edges.calls_for.size();
  const std::string text = ToJsonl(all, taxonomy);
  const std::uint64_t source = Hash64(text);
  if (IsCurrent(workspace, source, models.embedding_model())) {
    report.was_current = true;
    return report;
  }
  TWOHOP_ASSIGN_OR_RETURN(EmbeddingClient* const client, models.Embedding(stop));
  TWOHOP_ASSIGN_OR_RETURN(Embeddings vectors, EmbedDemands(all, *client, progress, stop));
  TWOHOP_RETURN_IF_ERROR(WriteFileAtomically(workspace.demand_edges(), text));
  TWOHOP_RETURN_IF_ERROR(SaveEmbeddingFile(
      workspace.demand_embeddings(),
      {.vectors = std::move(vectors), .encoder = models.embedding_model(), .source = source}));
  return report;
}

Result<WorkspaceEdges> LoadWorkspaceEdges(const Workspace& workspace,
                                          std::shared_ptr<const CategorySpace> space,
                                          const std::string& encoder) {
  auto vectors = LoadEmbeddingFile(workspace.demand_embeddings());
  if (!vectors.has_value() && vectors.error().code() == ErrorCode::kNotFound) {
    TWOHOP_RETURN_IF_ERROR(NotThere("there are no demand edges"));
  }
  if (!vectors.has_value()) return Annotate(vectors, "demand edges");
  TWOHOP_ASSIGN_OR_RETURN(const std::uint64_t source, HashFile(workspace.demand_edges()));
  if (vectors->source != source || vectors->encoder != encoder) {
    TWOHOP_RETURN_IF_ERROR(NotThere("demand vectors are of other edges or another encoder"));
  }
  TWOHOP_ASSIGN_OR_RETURN(auto read, ReadDemandEdges(workspace.demand_edges(), space->taxonomy()));
  if (!read.faults.empty()) {
    TWOHOP_RETURN_IF_ERROR(NotThere("demand edges are of another taxonomy"));
  }
  const std::uint64_t fingerprint = vectors->fingerprint();
  TWOHOP_ASSIGN_OR_RETURN(
      DemandGraph graph,
      DemandGraph::Build(std::move(read.rows), std::move(vectors->vectors), std::move(space)));
  return WorkspaceEdges{.graph = std::make_shared<const DemandGraph>(std::move(graph)),
                        .fingerprint = fingerprint};
}

}  // namespace twohop::app
