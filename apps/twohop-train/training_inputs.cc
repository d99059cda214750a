#include "apps/twohop-train/training_inputs.h"

#include <utility>

#include "apps/common/category_embeddings.h"
#include "apps/common/workspace_catalog.h"

#include "twohop/base/hash.h"
#include "twohop/eventlog/rocksdb_event_log.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop::app {
namespace {

constexpr std::size_t kEventBatch = 10'000;

void AddEvent(const Event& event, const Catalog& catalog, TrainingDataBuilder& builder) {
  if (event.type != EventType::kClick && event.type != EventType::kExposure) return;
  const auto item = catalog.Find(event.item.value());
  if (!item.has_value()) return;
  builder.Add(
      event.user, *item, event.time,
      event.type == EventType::kClick ? InteractionKind::kClicked : InteractionKind::kShown);
}

Status ReadInteractions(const TrainingSources& sources, TrainingDataBuilder& builder,
                        Progress& progress, const std::stop_token& stop) {
  const EventLog& log = *sources.log;
  const auto stage = progress.Begin("read interactions", log.end().value());
  LogOffset from(0);
  while (from < log.end()) {
    if (stop.stop_requested()) return Cancelled("training was interrupted before it began");
    TWOHOP_ASSIGN_OR_RETURN(const LogBatch batch, log.Read(from, kEventBatch));
    for (const LoggedEvent& logged : batch.events) {
      AddEvent(logged.event, *sources.catalog, builder);
    }
    from = batch.next;
    stage->Update(from.value());
  }
  return Ok();
}

Status ReadProfiles(const Workspace& workspace, TrainingDataBuilder& builder) {
  TWOHOP_ASSIGN_OR_RETURN(const auto states,
                          OpenUserStateStore(workspace.user_states(), OpenMode::kReadOnly));
  return states->ForEach([&](const UserState& user) {
    builder.SetProfile(user.profile);
    return true;
  });
}

}  // namespace

std::uint64_t TrainingSources::fingerprint() const {
  return Hasher()
      .Add(catalog->fingerprint())
      .Add(categories.fingerprint())
      .Add(log->end().value())
      .value();
}

Result<TrainingSources> OpenTrainingSources(const Workspace& workspace) {
  TrainingSources sources;
  TWOHOP_ASSIGN_OR_RETURN(sources.catalog, LoadWorkspaceCatalog(workspace));
  TWOHOP_ASSIGN_OR_RETURN(sources.categories,
                          LoadCategoryEmbeddings(workspace, sources.catalog->taxonomy()));
  TWOHOP_ASSIGN_OR_RETURN(sources.log,
                          OpenRocksDbEventLog(workspace.event_log(), OpenMode::kReadOnly));
  return sources;
}

Result<TrainingData> ReadTrainingData(const Workspace& workspace, const TrainingSources& sources,
                                      double heldout_share, double validation_share,
                                      Progress& progress, std::stop_token stop) {
  TrainingDataBuilder builder(sources.catalog->size());
  TWOHOP_RETURN_IF_ERROR(ReadInteractions(sources, builder, progress, stop));
  TWOHOP_RETURN_IF_ERROR(ReadProfiles(workspace, builder));
  return std::move(builder).Build(heldout_share, validation_share);
}

}  // namespace twohop::app
