#include "apps/twohop/serve_pipeline.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "apps/twohop/edges_pipeline.h"
#include "apps/twohop/live_states.h"
#include "apps/twohop/model_access.h"
#include "apps/twohop/reason_pipeline.h"
#include "apps/twohop/recaller_config.h"
#include "apps/twohop/recaller_watcher.h"
#include "apps/twohop/workspace_bundle.h"
#include <fmt/core.h>

#include "twohop/eventlog/rocksdb_event_log.h"
#include "twohop/nearline/interest_refresher.h"
#include "twohop/nearline/interest_worker.h"
#include "twohop/serving/api_server.h"

namespace twohop::app {
namespace {

constexpr std::size_t kRefreshQueue = 10'000;

// What refreshes interests while serving. Declared in order of dependency.
struct Nearline {
  Nearline(const Workspace& workspace, const Config& config, const Clock& clock)
      : models(config, workspace, clock) {}

  ModelAccess models;
  ConfiguredReasoning reasoning;
  std::unique_ptr<UserTokenBudget> user_budget;
  std::optional<InterestRefresher> refresher;
  std::optional<InterestWorker> worker;
};

Result<std::unique_ptr<Nearline>> StartNearline(const Workspace& workspace, const Config& config,
                                                UserStateStore& states, const Clock& clock) {
  auto nearline = std::make_unique<Nearline>(workspace, config, clock);
  TWOHOP_ASSIGN_OR_RETURN(auto answers, OpenAnswerStore(workspace, config, clock));
  TWOHOP_ASSIGN_OR_RETURN(nearline->reasoning, MakeReasoning(workspace, config, nearline->models,
                                                             clock, {}, std::move(answers)));
  TWOHOP_ASSIGN_OR_RETURN(nearline->user_budget, OpenUserTokenBudget(workspace, config, clock));
  nearline->refresher.emplace(
      states, *nearline->reasoning.generator, clock, nearline->reasoning.maker,
      RefreshOptionsFrom(config, nearline->reasoning.taxonomy), nearline->user_budget.get());
  nearline->worker.emplace(*nearline->refresher, kRefreshQueue);
  return nearline;
}

void PrintAddress(const Config& config, std::uint16_t port, const std::string& user) {
  fmt::print(
      "serving on http://{0}:{1} until Ctrl-C; ask it with\n"
      "  curl -s http://{0}:{1}/v1/recall -d '{{\"user\": \"{2}\", \"k\": 10}}'\n",
      config.serve.host, port, user);
  std::fflush(stdout);
}

// Blocks until a stop is requested.
void WaitForStop(const std::stop_token& stop) {
  Mutex mutex;
  CondVar never;
  MutexLock lock(mutex);
  never.Wait(mutex, stop, [] { return false; });
}

}  // namespace

Status ServeWorkspace(const Workspace& workspace, const Config& config, const ServeOptions& options,
                      const Clock& clock, std::stop_token stop) {
  const HangUp hang_up;  // First: all threads below leave the signal to the watcher.
  TWOHOP_ASSIGN_OR_RETURN(const RecallerOptions recall, RecallerOptionsFrom(config.recall));
  TWOHOP_ASSIGN_OR_RETURN(const auto bundle, LoadWorkspaceBundle(workspace));
  TWOHOP_ASSIGN_OR_RETURN(const auto states, OpenWorkspaceStates(workspace, OpenMode::kReadWrite));
  TWOHOP_ASSIGN_OR_RETURN(const auto log,
                          OpenRocksDbEventLog(workspace.event_log(), OpenMode::kReadWrite));
  std::unique_ptr<Nearline> nearline;
  if (options.nearline) {
    TWOHOP_ASSIGN_OR_RETURN(nearline, StartNearline(workspace, config, *states, clock));
  }
  Snapshot<Recaller> recaller(std::make_shared<const Recaller>(bundle, clock, recall));
  RecallerWatcher watcher(workspace, options.config_file, config.recall, clock, recaller);
  LiveStates live(*log, *states, recaller, nearline == nullptr ? nullptr : &*nearline->worker);
  live.OnEvents({});  // What an earlier server logged and did not apply.

  const ApiParts parts{
      .recaller = recaller,
      .states = *states,
      .events = *log,
      .clock = clock,
      .on_events = [&live](std::span<const Event> events) { live.OnEvents(events); },
      .config_reloads = [&watcher] { return watcher.reloads(); }};
  TWOHOP_ASSIGN_OR_RETURN(
      const auto server,
      ApiServer::Start(
          parts,
          {.program_version = TWOHOP_VERSION,
           .request_id_seed = static_cast<std::uint64_t>(clock.Now().time_since_epoch().count())},
          {.host = config.serve.host, .port = config.serve.port, .threads = config.serve.threads}));
  const std::jthread watching(
      [&](const std::stop_token& done) { RunRecallerWatcher(watcher, hang_up, done); });
  PrintAddress(config, server->port(), options.example_user);
  WaitForStop(stop);
  server->Stop();
  return Ok();
}

}  // namespace twohop::app
