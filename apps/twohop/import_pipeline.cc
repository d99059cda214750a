#include "apps/twohop/import_pipeline.h"

#include <memory>
#include <utility>

#include "apps/twohop/import_checkpoint.h"

#include "twohop/base/file.h"
#include "twohop/base/json.h"
#include "twohop/eventlog/rocksdb_event_log.h"
#include "twohop/ingest/event_reader.h"
#include "twohop/ingest/item_reader.h"
#include "twohop/ingest/taxonomy_reader.h"
#include "twohop/ingest/user_reader.h"
#include "twohop/nearline/state_materializer.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop::app {
namespace {

constexpr std::size_t kEventBatch = 10'000;
// The checkpoint is synced to disk, which costs more than appending a batch.
constexpr std::size_t kBatchesPerCheckpoint = 10;

Result<Catalog> ReadCatalog(const ImportFiles& files, RejectReport& rejects, Progress& progress) {
  TWOHOP_ASSIGN_OR_RETURN(Taxonomy taxonomy, LoadTaxonomy(files.taxonomy));
  return LoadCatalog(files.items, std::make_shared<const Taxonomy>(std::move(taxonomy)), rejects,
                     progress);
}

std::string ItemToLine(const Item& item, const Taxonomy& taxonomy) {
  const Json json = {
      {"id", item.id.value()}, {"title", item.title}, {"category", taxonomy.at(item.category).id},
      {"brand", item.brand},   {"tags", item.tags},   {"available", item.available}};
  return DumpJson(json) + "\n";
}

// The workspace stands alone: later commands read these copies, not the user's files.
Status StoreCatalog(const Workspace& workspace, const ImportFiles& files, const Catalog& catalog) {
  TWOHOP_ASSIGN_OR_RETURN(const std::string taxonomy, ReadFile(files.taxonomy));
  TWOHOP_RETURN_IF_ERROR(WriteFileAtomically(workspace.taxonomy(), taxonomy));
  std::string lines;
  for (const Item& item : catalog.items()) lines += ItemToLine(item, catalog.taxonomy());
  return WriteFileAtomically(workspace.items(), lines);
}

// Reads events from `from` on and hands them on batch by batch.
Result<std::uint64_t> ForEachEventBatch(const ImportFiles& files, const EventRules& rules,
                                        FilePosition from, RejectReport& rejects,
                                        Progress& progress, std::stop_token stop,
                                        const std::function<Status(const EventBatch&)>& visit) {
  TWOHOP_ASSIGN_OR_RETURN(EventReader reader,
                          EventReader::Open(files.events, rules, rejects, from));
  const auto stage = progress.Begin("read events (bytes)", reader.file_bytes());
  std::uint64_t count = 0;
  while (true) {
    if (stop.stop_requested()) return Cancelled("import was interrupted; run it again to go on");
    TWOHOP_ASSIGN_OR_RETURN(const EventBatch batch, reader.Next(kEventBatch));
    if (batch.events.empty()) return count;
    count += batch.events.size();
    TWOHOP_RETURN_IF_ERROR(visit(batch));
    stage->Update(reader.bytes_read());
  }
}

EventRules RulesFor(const Catalog& catalog, const Clock& clock) {
  return {.catalog = catalog, .now = clock.Now(), .received = clock.Now()};
}

Result<std::uint64_t> ImportUsers(const ImportFiles& files, UserStateStore& states,
                                  RejectReport& rejects, Progress& progress) {
  if (files.users.empty()) return 0;
  return ForEachUser(files.users, rejects, progress, [&](std::span<const UserProfile> profiles) {
    return states.PutProfiles(profiles);
  });
}

Status ImportEvents(const Workspace& workspace, const ImportFiles& files, const EventRules& rules,
                    EventLog& log, RejectReport& rejects, Progress& progress, std::stop_token stop,
                    ImportReport& report) {
  if (files.events.empty()) return Ok();
  TWOHOP_ASSIGN_OR_RETURN(ImportCheckpoint checkpoint,
                          ImportCheckpoint::Open(workspace, files.events));
  std::size_t batches = 0;
  FilePosition reached = checkpoint.position();
  const auto append = [&](const EventBatch& batch) -> Status {
    TWOHOP_ASSIGN_OR_RETURN(const AppendResult appended, log.Append(batch.events));
    report.new_events += appended.appended;
    reached = batch.next;
    if (++batches % kBatchesPerCheckpoint != 0) return Ok();
    return checkpoint.Save(reached);
  };
  const Result<std::uint64_t> read =
      ForEachEventBatch(files, rules, checkpoint.position(), rejects, progress, stop, append);
  if (!read.has_value()) TWOHOP_RETURN_IF_ERROR(checkpoint.Save(reached));
  TWOHOP_ASSIGN_OR_RETURN(report.events, read);
  checkpoint.Clear();
  return Ok();
}

Result<std::uint64_t> ApplyEvents(EventLog& log, UserStateStore& states, const Catalog& catalog,
                                  Progress& progress, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const MaterializeReport done,
                          MaterializeStates(log, states, catalog, progress, stop));
  return done.events;
}

void Describe(const Catalog& catalog, const RejectReport& rejects, ImportReport& report) {
  report.categories = catalog.taxonomy().size();
  report.items = catalog.size();
  report.rejects = rejects.Describe();
  report.rejected = rejects.total();
}

}  // namespace

Result<ImportReport> ValidateFiles(const ImportFiles& files, RejectReport& rejects,
                                   const Clock& clock, Progress& progress, std::stop_token stop) {
  ImportReport report;
  TWOHOP_ASSIGN_OR_RETURN(const Catalog catalog, ReadCatalog(files, rejects, progress));
  if (!files.users.empty()) {
    TWOHOP_ASSIGN_OR_RETURN(report.users,
                            ForEachUser(files.users, rejects, progress, [](auto) { return Ok(); }));
  }
  if (!files.events.empty()) {
    TWOHOP_ASSIGN_OR_RETURN(
        report.events, ForEachEventBatch(files, RulesFor(catalog, clock), {}, rejects, progress,
                                         stop, [](const EventBatch&) { return Ok(); }));
  }
  TWOHOP_RETURN_IF_ERROR(rejects.Flush());
  Describe(catalog, rejects, report);
  return report;
}

Result<ImportReport> ImportFilesInto(const Workspace& workspace, const ImportFiles& files,
                                     RejectReport& rejects, const Clock& clock, Progress& progress,
                                     std::stop_token stop) {
  ImportReport report;
  TWOHOP_ASSIGN_OR_RETURN(const Catalog catalog, ReadCatalog(files, rejects, progress));
  TWOHOP_RETURN_IF_ERROR(StoreCatalog(workspace, files, catalog));
  TWOHOP_ASSIGN_OR_RETURN(const auto log,
                          OpenRocksDbEventLog(workspace.event_log(), OpenMode::kReadWrite));
  TWOHOP_ASSIGN_OR_RETURN(const auto states,
                          OpenUserStateStore(workspace.user_states(), OpenMode::kReadWrite));
  TWOHOP_ASSIGN_OR_RETURN(report.users, ImportUsers(files, *states, rejects, progress));
  TWOHOP_RETURN_IF_ERROR(ImportEvents(workspace, files, RulesFor(catalog, clock), *log, rejects,
                                      progress, stop, report));
  TWOHOP_ASSIGN_OR_RETURN(report.applied_events,
                          ApplyEvents(*log, *states, catalog, progress, stop));
  TWOHOP_RETURN_IF_ERROR(rejects.Flush());
  Describe(catalog, rejects, report);
  return report;
}

}  // namespace twohop::app
