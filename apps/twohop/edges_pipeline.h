// The shared edges of a workspace.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "apps/common/config.h"
#include "apps/common/workspace.h"
#include "apps/twohop/model_access.h"

#include "twohop/base/open_mode.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/reasoning/demand_graph.h"
#include "twohop/reasoning/edge_rows.h"
#include "twohop/reasoning/edge_store.h"

namespace twohop::app {

// The store, as the configuration wants it. `clock` must outlive it.
//
// Errors: kFailedPrecondition, saying which command helps, if it is opened for reading and not
// there; those of EdgeStore::Open.
Result<std::shared_ptr<EdgeStore>> OpenWorkspaceEdges(const Workspace& workspace,
                                                      const Config& config, const Clock& clock,
                                                      OpenMode mode);

// The store, open for writing, if the configured strategy asks a model whose answers it keeps; else
// null, so that the store may be edited meanwhile.
//
// Errors: those of EdgeStore::Open.
Result<std::shared_ptr<EdgeStore>> OpenAnswerStore(const Workspace& workspace, const Config& config,
                                                   const Clock& clock);

struct EdgesReport {
  bool was_current = false;  // The same edges were there already.
  std::size_t demands = 0;
  std::size_t edges = 0;            // From demands to categories they plainly call for.
  std::vector<std::string> faults;  // "file:line: why", of the lines that were left out.
};

struct EdgesImport {
  std::vector<std::filesystem::path> files;
  std::string teacher;  // Who wrote them, for provenance; may be empty.
};

// Takes what traces and demand edges in the files teach into the store, in place of what teachers
// had said before, and embeds the demands. What was written by hand or by models stays.
//
// Errors: those of ReadTracesOrEdges; kInvalidArgument if no line of a file is good; those of
// EdgeStore, ModelAccess::Embedding and EmbeddingClient::Embed.
Result<EdgesReport> ImportEdges(EdgeStore& store, const Taxonomy& taxonomy,
                                const EdgesImport& import, ModelAccess& models, Progress& progress,
                                const std::stop_token& stop);

// Embeds the demands that have no vector of the configured model yet; the model is started only if
// there are any. After a stop or failure the next call goes on from there. Returns how many.
//
// Errors: those of EdgeStore, ModelAccess::Embedding and EmbeddingClient::Embed.
Result<std::size_t> EmbedDemands(EdgeStore& store, ModelAccess& models, Progress& progress,
                                 const std::stop_token& stop);

// The text vectors of `rows`, whose dimension is `dim` (0: any); rows without one are taken out of
// `rows`. Returns them with as many rows.
//
// Errors: those of EdgeStore::FindVector.
Result<Embeddings> VectorsOf(const EdgeStore& store, const std::string& encoder, std::size_t dim,
                             EdgeRows& rows);

struct WorkspaceEdges {
  std::shared_ptr<const DemandGraph> graph;
  // Of what teachers and people wrote, and of the model that embedded it.
  std::uint64_t fingerprint = 0;
};

// The graph of the edges as they are in the store now. `encoder` is the embedding model of `space`.
//
// Errors: kFailedPrecondition, saying which command helps, if there are no edges, or a demand of a
// teacher or by hand has no vector of this encoder. Damaged records are left out, with a warning.
Result<WorkspaceEdges> LoadWorkspaceEdges(const Workspace& workspace, const Config& config,
                                          const Clock& clock,
                                          std::shared_ptr<const CategorySpace> space,
                                          const std::string& encoder);

}  // namespace twohop::app
