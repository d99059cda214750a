// The demand edges of a workspace.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "apps/common/workspace.h"
#include "apps/twohop/model_access.h"

#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/reasoning/demand_graph.h"

namespace twohop::app {

struct EdgesReport {
  bool was_current = false;  // The same edges were there already.
  std::size_t demands = 0;
  std::size_t edges = 0;            // From demands to categories they plainly call for.
  std::vector<std::string> faults;  // "file:line: why", of the lines that were left out.
};

// Takes what traces and demand edges in `files` teach into the workspace, in place of what it held,
// and embeds the demands.
//
// Errors: those of ReadTracesOrEdges; kInvalidArgument if no line of a file is good; those of
// ModelAccess::Embedding, EmbeddingClient::Embed and WriteFileAtomically.
Result<EdgesReport> ImportEdges(const Workspace& workspace, const Taxonomy& taxonomy,
                                std::span<const std::filesystem::path> files, ModelAccess& models,
                                Progress& progress, std::stop_token stop);

struct WorkspaceEdges {
  std::shared_ptr<const DemandGraph> graph;
  std::uint64_t fingerprint = 0;  // Of the edges and of the model that embedded them.
};

// `encoder` is the embedding model of `space`.
//
// Errors: kFailedPrecondition, saying which command helps, if the workspace has no edges, or they
// are of another taxonomy or encoder; kDataLoss if they are damaged.
Result<WorkspaceEdges> LoadWorkspaceEdges(const Workspace& workspace,
                                          std::shared_ptr<const CategorySpace> space,
                                          const std::string& encoder);

}  // namespace twohop::app
