#include "apps/twohop/edges_pipeline.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <random>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "twohop/base/hash.h"
#include "twohop/base/text.h"
#include "twohop/distill/trace_edges.h"
#include "twohop/reasoning/two_hop_generator.h"

namespace twohop::app {
namespace {

// Between two calls progress is shown and a stop is noticed.
constexpr std::size_t kTextsPerCall = 128;

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

std::uint64_t FingerprintOf(std::span<const DemandEdges> all, const Taxonomy& taxonomy,
                            const std::string& teacher) {
  Hasher hasher;
  hasher.Add(teacher).Add(taxonomy.fingerprint());
  for (const DemandEdges& edges : all) hasher.Add(DumpJson(DemandEdgesToJson(edges, taxonomy)));
  return hasher.value();
}

tl::unexpected<Error> NotThere(std::string_view why) {
  return FailedPrecondition(
      fmt::format("{}: run `twohop edges import FILE` with a teacher's traces, or choose another "
                  "reasoning.strategy",
                  why));
}

EdgeRecord DemandNamed(const std::string& text) {
  EdgeRecord record;
  record.key = {.hop = EdgeHop::kDemand, .text = NormalizeName(text)};
  return record;
}

// Demands that lead somewhere and have no vector; each once.
Result<std::vector<std::string>> DemandsWithoutVector(const EdgeStore& store,
                                                      const std::string& encoder) {
  std::vector<EdgeRecord> demands;
  std::unordered_set<std::string> seen;
  TWOHOP_RETURN_IF_ERROR(store.ForEach(EdgeHop::kDemand, [&](const EdgeRecord& record) {
    if (record.hidden || record.targets.empty() || record.expired(store.now())) return;
    if (seen.insert(record.key.text).second) demands.push_back(record);
  }));
  std::vector<std::string> texts;
  for (const EdgeRecord& record : demands) {
    TWOHOP_ASSIGN_OR_RETURN(const auto vector, store.FindVector(encoder, record));
    if (!vector.has_value()) texts.push_back(record.text);
  }
  return texts;
}

bool KeepsAnswers(TwoHopStrategy strategy) {
  return strategy == TwoHopStrategy::kDemandSearch || strategy == TwoHopStrategy::kHopByHop ||
         strategy == TwoHopStrategy::kInterestGpt;
}

}  // namespace

Result<std::shared_ptr<EdgeStore>> OpenWorkspaceEdges(const Workspace& workspace,
                                                      const Config& config, const Clock& clock,
                                                      OpenMode mode) {
  std::random_device chance;
  const EdgeStoreOptions options{.k_anonymity = config.reasoning.edge_k_anonymity,
                                 .model_ttl = std::chrono::days(config.reasoning.edge_ttl_days),
                                 .salt = (std::uint64_t{chance()} << 32U) | chance()};
  auto store = EdgeStore::Open(workspace.edge_store(), mode, clock, options);
  if (!store.has_value() && store.error().code() == ErrorCode::kNotFound) {
    return NotThere("there are no demand edges");
  }
  if (!store.has_value()) return Annotate(store, "shared edges");
  return std::shared_ptr<EdgeStore>(*std::move(store));
}

Result<std::shared_ptr<EdgeStore>> OpenAnswerStore(const Workspace& workspace, const Config& config,
                                                   const Clock& clock) {
  const auto strategy = FindTwoHopStrategy(config.reasoning.strategy);
  if (!strategy.has_value() || !KeepsAnswers(*strategy)) return nullptr;
  return OpenWorkspaceEdges(workspace, config, clock, OpenMode::kReadWrite);
}

Result<EdgesReport> ImportEdges(EdgeStore& store, const Taxonomy& taxonomy,
                                const EdgesImport& import, ModelAccess& models, Progress& progress,
                                const std::stop_token& stop) {
  EdgesReport report;
  TWOHOP_ASSIGN_OR_RETURN(const std::vector<DemandEdges> all,
                          ReadAll(import.files, taxonomy, report.faults));
  report.demands = all.size();
  for (const DemandEdges& edges : all) report.edges += edges.calls_for.size();
  const std::uint64_t source = FingerprintOf(all, taxonomy, import.teacher);
  TWOHOP_ASSIGN_OR_RETURN(const auto stored, store.teacher_fingerprint());
  if (stored != source) {
    TWOHOP_RETURN_IF_ERROR(
        store.ReplaceTeacher(TeacherRecords(all, taxonomy, import.teacher, store.now()), source));
  }
  TWOHOP_ASSIGN_OR_RETURN(const std::size_t embedded, EmbedDemands(store, models, progress, stop));
  report.was_current = stored == source && embedded == 0;
  return report;
}

Result<std::size_t> EmbedDemands(EdgeStore& store, ModelAccess& models, Progress& progress,
                                 const std::stop_token& stop) {
  const std::string& encoder = models.embedding_model();
  TWOHOP_ASSIGN_OR_RETURN(const auto texts, DemandsWithoutVector(store, encoder));
  if (texts.empty()) return 0;
  TWOHOP_ASSIGN_OR_RETURN(EmbeddingClient* const client, models.Embedding(stop));
  const auto stage = progress.Begin("embed demands", texts.size());
  // Kept as they come, so that after a stop the next import goes on from there.
  for (std::size_t at = 0; at < texts.size(); at += kTextsPerCall) {
    const auto part = std::span(texts).subspan(at, std::min(kTextsPerCall, texts.size() - at));
    TWOHOP_ASSIGN_OR_RETURN(const Embeddings vectors, client->Embed(part, stop));
    for (std::size_t i = 0; i < part.size(); ++i) {
      TWOHOP_RETURN_IF_ERROR(store.PutVector(encoder, part[i], vectors.row(i)));
    }
    stage->Update(at + part.size());
  }
  return texts.size();
}

Result<Embeddings> VectorsOf(const EdgeStore& store, const std::string& encoder, std::size_t dim,
                             EdgeRows& rows) {
  Embeddings vectors;
  EdgeRows kept;
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    TWOHOP_ASSIGN_OR_RETURN(const auto vector,
                            store.FindVector(encoder, DemandNamed(rows.rows[i].demand)));
    if (!vector.has_value() || vector->empty()) continue;
    if (dim == 0) dim = vector->size();
    if (vector->size() != dim) continue;
    vectors.Append(*vector);
    kept.rows.push_back(std::move(rows.rows[i]));
    kept.sources.push_back(rows.sources[i]);
    kept.ids.push_back(std::move(rows.ids[i]));
  }
  rows.rows = std::move(kept.rows);
  rows.sources = std::move(kept.sources);
  rows.ids = std::move(kept.ids);
  return vectors;
}

Result<WorkspaceEdges> LoadWorkspaceEdges(const Workspace& workspace, const Config& config,
                                          const Clock& clock,
                                          std::shared_ptr<const CategorySpace> space,
                                          const std::string& encoder) {
  TWOHOP_ASSIGN_OR_RETURN(const auto store,
                          OpenWorkspaceEdges(workspace, config, clock, OpenMode::kReadOnly));
  TWOHOP_ASSIGN_OR_RETURN(EdgeRows rows, ReadEdgeRows(*store, space->taxonomy()));
  if (rows.damaged > 0) {
    spdlog::warn("{} damaged edges are left out; `twohop edges list` names them", rows.damaged);
  }
  if (rows.rows.empty()) return NotThere("there are no demand edges of this taxonomy");
  const auto lasting = [&] {
    return rows.sources.size() - static_cast<std::size_t>(std::count(
                                     rows.sources.begin(), rows.sources.end(), EdgeSource::kModel));
  };
  const std::size_t needed = lasting();
  TWOHOP_ASSIGN_OR_RETURN(Embeddings vectors, VectorsOf(*store, encoder, space->dim(), rows));
  if (lasting() < needed) {
    return NotThere(fmt::format("{} demands have no vector of {}", needed - lasting(), encoder));
  }
  if (rows.rows.empty()) return NotThere(fmt::format("no demand has a vector of {}", encoder));
  TWOHOP_ASSIGN_OR_RETURN(
      DemandGraph graph,
      DemandGraph::Build(std::move(rows.rows), std::move(vectors), std::move(space)));
  return WorkspaceEdges{.graph = std::make_shared<const DemandGraph>(std::move(graph)),
                        .fingerprint = Hasher().Add(rows.fingerprint).Add(encoder).value()};
}

}  // namespace twohop::app
