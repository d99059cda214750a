#include "apps/twohop/index_pipeline.h"

#include <cstdint>
#include <memory>
#include <utility>

#include "apps/common/category_embeddings.h"
#include "apps/common/workspace_catalog.h"
#include "apps/twohop/item_statistics.h"
#include "apps/twohop/stage_stamp.h"
#include <fmt/format.h>

#include "twohop/base/hash.h"
#include "twohop/eventlog/rocksdb_event_log.h"
#include "twohop/recall/bundle.h"
#include "twohop/towers/two_tower.h"

namespace twohop::app {
namespace {

// Everything that the bundle depends on.
Result<std::string> Fingerprint(const Workspace& workspace, const Catalog& catalog,
                                const EmbeddingFile& categories, const EventLog& log) {
  TWOHOP_ASSIGN_OR_RETURN(const std::uint64_t weights, HashFile(workspace.model() / "weights.bin"));
  return Hasher()
      .Add(static_cast<std::uint64_t>(kBundleFormat))
      .Add(catalog.fingerprint())
      .Add(categories.fingerprint())
      .Add(weights)
      .Add(log.end().value())
      .hex();
}

Result<std::string> CurrentVersionIfBuiltFrom(const Workspace& workspace, const StageStamp& stamp) {
  if (!stamp.IsCurrent()) return NotFound("inputs changed");
  return CurrentBundleVersion(workspace.bundles());
}

}  // namespace

Result<IndexReport> BuildCurrentBundle(const Workspace& workspace, const Clock& clock,
                                       Progress& progress, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace));
  TWOHOP_ASSIGN_OR_RETURN(const EmbeddingFile categories,
                          LoadCategoryEmbeddings(workspace, catalog->taxonomy()));
  TWOHOP_ASSIGN_OR_RETURN(const auto log,
                          OpenRocksDbEventLog(workspace.event_log(), OpenMode::kReadOnly));
  const auto fingerprint = Fingerprint(workspace, *catalog, categories, *log);
  if (!fingerprint.has_value()) {
    return FailedPrecondition("there is no trained model: run `twohop-train` first");
  }
  const StageStamp stamp(workspace, "index", *fingerprint);
  if (const auto version = CurrentVersionIfBuiltFrom(workspace, stamp); version.has_value()) {
    return IndexReport{.version = *version, .was_current = true};
  }
  TWOHOP_ASSIGN_OR_RETURN(
      const TwoTower towers,
      TwoTower::Load(workspace.model(), catalog, categories.vectors, categories.encoder));
  TWOHOP_ASSIGN_OR_RETURN(ItemStatistics statistics,
                          CountItemEvents(*log, *catalog, progress, stop));
  const auto stage = progress.Begin("index items", catalog->size());
  const Embeddings item_vectors = towers.EmbedItems();
  TWOHOP_ASSIGN_OR_RETURN(const std::string version,
                          WriteBundle({.catalog = catalog,
                                       .category_vectors = categories.vectors,
                                       .text_encoder = categories.encoder,
                                       .item_vectors = item_vectors,
                                       .model_dir = workspace.model(),
                                       .popularity = std::move(statistics.popularity),
                                       .newest = std::move(statistics.newest),
                                       .co_clicks = std::move(statistics.co_clicks),
                                       .created = clock.Now()},
                                      workspace.bundles()));
  TWOHOP_RETURN_IF_ERROR(stamp.Write());
  stage->Update(catalog->size());
  return IndexReport{.version = version};
}

}  // namespace twohop::app
