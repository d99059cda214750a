#include "apps/common/workspace_catalog.h"

#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/progress.h"
#include "twohop/ingest/item_reader.h"
#include "twohop/ingest/taxonomy_reader.h"

namespace twohop::app {

Result<std::shared_ptr<const Catalog>> LoadWorkspaceCatalog(const Workspace& workspace) {
  std::error_code ignored;
  if (!std::filesystem::exists(workspace.items(), ignored)) {
    return FailedPrecondition(fmt::format(
        "workspace {} has no catalogue: run `twohop import` first", workspace.root().string()));
  }
  TWOHOP_ASSIGN_OR_RETURN(Taxonomy taxonomy, LoadTaxonomy(workspace.taxonomy()));
  RejectReport rejects;
  const auto silent = MakeSilentProgress();
  TWOHOP_ASSIGN_OR_RETURN(
      Catalog catalog,
      LoadCatalog(workspace.items(), std::make_shared<const Taxonomy>(std::move(taxonomy)), rejects,
                  *silent));
  if (rejects.total() > 0) {
    return DataLoss(fmt::format("{} is damaged: {}", workspace.items().string(),
                                rejects.examples().front().reject.message));
  }
  return std::make_shared<const Catalog>(std::move(catalog));
}

}  // namespace twohop::app
