#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "apps/common/assets.h"
#include "apps/common/child_process.h"
#include "apps/common/workspace_catalog.h"
#include "apps/twohop/channel_evaluation.h"
#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/community_flags.h"
#include "apps/twohop/demo_debate.h"
#include "apps/twohop/demo_report.h"
#include "apps/twohop/edges_pipeline.h"
#include "apps/twohop/embed_pipeline.h"
#include "apps/twohop/generate_pipeline.h"
#include "apps/twohop/import_pipeline.h"
#include "apps/twohop/index_pipeline.h"
#include "apps/twohop/reason_pipeline.h"
#include "apps/twohop/recaller_config.h"
#include "apps/twohop/serve_pipeline.h"
#include "apps/twohop/stage_stamp.h"
#include "apps/twohop/workspace_bundle.h"
#include <fmt/core.h>

#include "twohop/base/hash.h"
#include "twohop/simulate/truth.h"

namespace twohop::app {
namespace {

constexpr std::size_t kStories = 5;
constexpr std::size_t kPage = 20;
constexpr std::size_t kTimedRecalls = 1000;

struct DemoOptions {
  CommonOptions common;
  CommunityFlags community;
  std::size_t reason_users = 500;
  std::optional<std::uint16_t> port;
  bool exit = false;
};

// The demo, stage by stage. Each stage does nothing if its output is there from the same input.
class Demo {
 public:
  Demo(const DemoOptions& options, Config config, std::stop_token stop)
      : options_(options),
        config_(std::move(config)),
        workspace_(options.common.OpenWorkspace()),
        progress_(MakeProgress(stdout, clock_)),
        stop_(std::move(stop)) {}

  Status Run() {
    TWOHOP_RETURN_IF_ERROR(Generate());
    TWOHOP_RETURN_IF_ERROR(Import());
    TWOHOP_RETURN_IF_ERROR(EmbedTrainIndex());
    TWOHOP_RETURN_IF_ERROR(Edges());
    TWOHOP_RETURN_IF_ERROR(Reason());
    TWOHOP_RETURN_IF_ERROR(Report());
    if (options_.exit) return Ok();
    Heading("The server");
    return ServeWorkspace(workspace_, config_, {.nearline = true, .example_user = example_user_},
                          clock_, stop_);
  }

 private:
  Status Generate() {
    Heading("A community is made up, and its events are imported");
    CommunityOptions community = options_.community.ToOptions();
    community.end = std::chrono::floor<std::chrono::days>(clock_.Now());
    TWOHOP_ASSIGN_OR_RETURN(const auto summary,
                            GenerateCommunityFiles(workspace_, community, *progress_));
    if (summary.has_value()) {
      fmt::print("{}", DescribeCommunity(*summary));
    } else {
      UpToDate("community");
    }
    return Ok();
  }

  Status Import() {
    const ImportFiles files = CommunityFiles(workspace_);
    Hasher hasher;
    for (const auto& file : {files.taxonomy, files.items, files.users, files.events}) {
      TWOHOP_ASSIGN_OR_RETURN(const std::uint64_t hash, HashFile(file));
      hasher.Add(hash);
    }
    const StageStamp stamp(workspace_, "import", hasher.hex());
    if (stamp.IsCurrent()) {
      UpToDate("import");
      return Ok();
    }
    TWOHOP_ASSIGN_OR_RETURN(RejectReport rejects,
                            RejectReport::Open({.file = workspace_.rejects()}));
    TWOHOP_ASSIGN_OR_RETURN(const ImportReport report,
                            ImportFilesInto(workspace_, files, rejects, clock_, *progress_, stop_));
    fmt::print("{} events imported, {} rejected rows\n{}", report.events, report.rejected,
               report.rejects);
    return stamp.Write();
  }

  Status EmbedTrainIndex() {
    Heading("Categories are embedded, the dual tower is trained, items are indexed");
    TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace_));
    TWOHOP_ASSIGN_OR_RETURN(const bool embedded, EmbedCategories(workspace_, catalog->taxonomy(),
                                                                 models_, *progress_, stop_));
    if (!embedded) UpToDate("category vectors");
    TWOHOP_RETURN_IF_ERROR(Train());
    TWOHOP_ASSIGN_OR_RETURN(const IndexReport index,
                            BuildCurrentBundle(workspace_, clock_, *progress_, stop_));
    if (index.was_current) UpToDate("bundle");
    return Ok();
  }

  Status Train() {
    std::fflush(stdout);  // The trainer writes to the same place.
    std::vector<std::string> arguments = {"--workspace", workspace_.root().string()};
    if (!options_.common.config_file.empty()) {
      arguments.insert(arguments.end(), {"--config", options_.common.config_file});
    }
    return RunProgram(ProgramFolder().parent_path() / "twohop-train" / "twohop-train", arguments,
                      stop_);
  }

  // The teacher's traces and edges that come with the project stand for those of a shop's own.
  Status Edges() {
    Heading("A teacher's edges are taken in");
    TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace_));
    const EdgesImport import{
        .files = {CommunityFolder() / "teacher.jsonl", CommunityFolder() / "demand_edges.jsonl"},
        .teacher = "large reasoning model"};
    TWOHOP_ASSIGN_OR_RETURN(const auto store,
                            OpenWorkspaceEdges(workspace_, config_, clock_, OpenMode::kReadWrite));
    TWOHOP_ASSIGN_OR_RETURN(
        const EdgesReport edges,
        ImportEdges(*store, catalog->taxonomy(), import, models_, *progress_, stop_));
    if (edges.was_current) {
      UpToDate("edges");
    } else {
      fmt::print("{} demands with {} edges to categories\n", edges.demands, edges.edges);
    }
    return Ok();
  }

  Status Reason() {
    Heading("Two hops for each user");
    TWOHOP_ASSIGN_OR_RETURN(const auto states,
                            OpenWorkspaceStates(workspace_, OpenMode::kReadWrite));
    TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace_));
    const EvidenceOptions evidence = EvidenceFrom(config_, catalog->shared_taxonomy());
    TWOHOP_ASSIGN_OR_RETURN(const auto users,
                            FindUsersWithEvidence(*states, options_.reason_users, evidence));
    TWOHOP_ASSIGN_OR_RETURN(
        const BatchRefresh batch,
        RefreshInterests(workspace_, config_, *states, users, models_, clock_, *progress_, stop_));
    reasoning_ = batch.report;
    fmt::print("{}\n", batch.report.Describe());
    TWOHOP_RETURN_IF_ERROR(batch.status);
    TWOHOP_ASSIGN_OR_RETURN(const auto others,
                            FindUsersWithoutEvidence(*states, options_.reason_users, evidence));
    TWOHOP_ASSIGN_OR_RETURN(const BatchRefresh cohorts,
                            RefreshCohorts(config_, *states, catalog->shared_taxonomy(), others,
                                           clock_, *progress_, stop_));
    fmt::print("without searches, from their cohorts: {}\n", cohorts.report.Describe());
    return cohorts.status;
  }

  Status Report() {
    TWOHOP_ASSIGN_OR_RETURN(const auto bundle, LoadWorkspaceBundle(workspace_));
    TWOHOP_ASSIGN_OR_RETURN(const auto states,
                            OpenWorkspaceStates(workspace_, OpenMode::kReadOnly));
    TWOHOP_ASSIGN_OR_RETURN(const auto truth,
                            LoadTruth(workspace_.community_truth(), bundle->catalog().taxonomy()));
    TWOHOP_ASSIGN_OR_RETURN(const auto users,
                            FindEvaluatedUsers(*states, truth, options_.reason_users));
    if (users.empty()) return FailedPrecondition("no user has interests: nothing to report on");
    example_user_ = users.front().state.profile.id.value();
    TWOHOP_ASSIGN_OR_RETURN(RecallerOptions recall, RecallerOptionsFrom(config_.recall));
    const Recaller recaller(bundle, clock_, std::move(recall));
    TWOHOP_ASSIGN_OR_RETURN(const std::string stories, TellStories(recaller, users, kStories));
    Heading("Stories (\"hit\": the simulated user wanted this and had never been shown it)");
    fmt::print("{}", stories);
    TWOHOP_RETURN_IF_ERROR(Debate(users.front()));
    TWOHOP_RETURN_IF_ERROR(ReportFigures(recaller, *states, users));
    return ReportCohorts(recaller, *states, truth);
  }

  Status Debate(const EvaluatedUser& user) {
    Heading(fmt::format("A debate about user {}", user.state.profile.id.value()));
    Result<std::string> debate = HoldDemoDebate(workspace_, config_, user, models_, clock_, stop_);
    if (!debate && stop_.stop_requested()) return tl::unexpected<Error>(debate.error());
    // The rest of the demo needs no chat model.
    fmt::print("{}", debate ? *debate : fmt::format("none: {}\n", debate.error().message()));
    return Ok();
  }

  Status ReportCohorts(const Recaller& recaller, const UserStateStore& states,
                       std::span<const UserTruth> truth) {
    TWOHOP_ASSIGN_OR_RETURN(const auto users,
                            FindCohortUsers(states, truth, options_.reason_users));
    if (users.empty()) return Ok();
    Heading("And users who never searched, by what is common in their cohort?");
    TWOHOP_ASSIGN_OR_RETURN(const ChannelEvaluation evaluation,
                            EvaluateChannels(recaller, users, kPage, config_.recall.novelty_share,
                                             options_.community.seed, *progress_));
    fmt::print("{}", DescribeEvaluation(evaluation));
    return Ok();
  }

  Status ReportFigures(const Recaller& recaller, const UserStateStore& states,
                       std::span<const EvaluatedUser> users) {
    Heading("Does it open the bubble?");
    TWOHOP_ASSIGN_OR_RETURN(const ChannelEvaluation evaluation,
                            EvaluateChannels(recaller, users, kPage, config_.recall.novelty_share,
                                             options_.community.seed, *progress_));
    fmt::print("{}", DescribeEvaluation(evaluation));
    TWOHOP_ASSIGN_OR_RETURN(
        const LatencySummary latency,
        TimeRecalls(recaller, states, users, kTimedRecalls, config_.recall.novelty_share, clock_));
    Heading("What does it cost?");
    fmt::print("recall   {}\n", FormatLatency(latency));
    const TokenUsage& usage = reasoning_.usage;
    if (reasoning_.answered() > 0) {
      const auto answered = static_cast<double>(reasoning_.answered());
      fmt::print(
          "reason   {:.0f} prompt + {:.0f} completion tokens a user, {:.1f} users a second\n",
          static_cast<double>(usage.prompt_tokens) / answered,
          static_cast<double>(usage.completion_tokens) / answered,
          reasoning_.answered_per_second());
    } else {
      fmt::print("reason   nothing was asked: all interests are fresh\n");
    }
    return Ok();
  }

  void Heading(std::string_view text) const { fmt::print("\n== {}\n", text); }
  void UpToDate(std::string_view what) const { fmt::print("{:<28} up to date\n", what); }

  const DemoOptions& options_;
  const Config config_;
  const Workspace workspace_;
  const SystemClock clock_;
  const std::unique_ptr<Progress> progress_;
  const std::stop_token stop_;
  ModelAccess models_{config_, workspace_, clock_};
  RefreshReport reasoning_;
  std::string example_user_;
};

Status RunDemo(const DemoOptions& options, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(Config config, options.common.LoadConfigOrDefaults());
  if (options.port.has_value()) config.serve.port = *options.port;
  return Demo(options, std::move(config), std::move(stop)).Run();
}

}  // namespace

void AddDemoCommand(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "demo", "Everything once on a made-up community, ending with a server that stays");
  auto options = std::make_shared<DemoOptions>();
  options->common.AddTo(*command);
  options->community.AddTo(*command);
  command->add_option("--reason-users", options->reason_users, "Users to find interests for")
      ->capture_default_str();
  command->add_option("--port", options->port, "Of the server; 0: any free one");
  command->add_flag("--exit", options->exit, "End after the report instead of serving");
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunDemo(*options, stop); };
  });
}

}  // namespace twohop::app
