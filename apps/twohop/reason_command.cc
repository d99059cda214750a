#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "apps/common/workspace_catalog.h"
#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/compare_pipeline.h"
#include "apps/twohop/reason_estimate.h"
#include "apps/twohop/reason_pipeline.h"
#include "apps/twohop/recall_report.h"
#include "apps/twohop/token_curve_pipeline.h"
#include "apps/twohop/workspace_bundle.h"
#include <fmt/core.h>

#include "twohop/base/file.h"
#include "twohop/base/time_format.h"

namespace twohop::app {
namespace {

struct ReasonOptions {
  CommonOptions common;
  std::vector<std::string> users;
  std::size_t limit = 1000;
  std::string mode;  // Empty: as configured.
  bool compare = false;
  std::filesystem::path labels;
  std::filesystem::path json;
  std::filesystem::path markdown;
  CallLimits run_limits;
  bool estimate = false;
  std::vector<std::size_t> curve;
};

Result<std::vector<UserId>> ChosenUsers(const ReasonOptions& options, const UserStateStore& states,
                                        const EvidenceOptions& evidence) {
  if (options.users.empty()) return FindUsersWithEvidence(states, options.limit, evidence);
  std::vector<UserId> users;
  for (const std::string& user : options.users) users.emplace_back(user);
  return users;
}

Status DescribeUsers(const UserStateStore& states, std::span<const UserId> users) {
  for (const UserId& id : users) {
    TWOHOP_ASSIGN_OR_RETURN(const auto user, states.Get(id));
    if (!user.has_value()) continue;
    fmt::print("\n{}{}", DescribeUser(*user), DescribeInterests(*user));
    TWOHOP_ASSIGN_OR_RETURN(const auto debate, states.GetDebate(id));
    if (debate.has_value()) fmt::print("\n{}", DebateInWords(*debate));
  }
  return Ok();
}

Status RunCompare(const ReasonOptions& options, const Config& config, const Workspace& workspace,
                  const Clock& clock, Progress& progress, std::stop_token stop) {
  ModelAccess models(config, workspace, clock);
  TWOHOP_ASSIGN_OR_RETURN(
      const std::vector<ComparedDeliberation> rows,
      CompareDeliberations(workspace, config,
                           {.labels = options.labels, .limit = options.limit, .seed = 1}, models,
                           clock, progress, std::move(stop)));
  const std::string table = ComparisonToMarkdown(rows);
  fmt::print("{}", table);
  if (!options.markdown.empty()) {
    TWOHOP_RETURN_IF_ERROR(WriteFileAtomically(options.markdown, table));
  }
  if (options.json.empty()) return Ok();
  return WriteFileAtomically(options.json, ComparisonToJson(rows).dump(2) + "\n");
}

// Nothing if there is but one and all is well.
void DescribeProviders(const std::vector<ProviderUsage>& providers) {
  for (const ProviderUsage& provider : providers) {
    if (providers.size() == 1 && provider.times_opened == 0) continue;
    fmt::print("  {}: {} answers, ${:.4f}; breaker {}, opened {} times, {} calls refused\n",
               provider.name, provider.total.usage.calls, provider.total.usd,
               BreakerStateName(provider.breaker), provider.times_opened, provider.calls_refused);
  }
}

void DescribeBatch(const RefreshReport& report, ModelAccess& models) {
  fmt::print("{}\n", report.Describe());
  for (const UserFailure& failure : report.failures) {
    fmt::print("  user {}: {}\n", failure.user.value(), failure.error.message());
  }
  for (const StageUsage& stage : models.meter().Snapshot()) {
    fmt::print("  {:<28} {} calls, {} + {} tokens, {:.1f} s, ${:.4f}\n", stage.stage,
               stage.usage.calls, stage.usage.prompt_tokens, stage.usage.completion_tokens,
               stage.seconds, stage.usd);
  }
  DescribeProviders(models.provider_usage());
}

// Those without evidence of their own: of the chosen users, or else the first ones.
Result<std::vector<UserId>> ChosenOthers(const ReasonOptions& options, const UserStateStore& states,
                                         const EvidenceOptions& evidence) {
  if (options.users.empty()) return FindUsersWithoutEvidence(states, options.limit, evidence);
  std::vector<UserId> others;
  for (const std::string& id : options.users) {
    TWOHOP_ASSIGN_OR_RETURN(const auto user, states.Get(UserId(id)));
    if (user.has_value() && !HasEvidence(*user, evidence)) others.emplace_back(id);
  }
  return others;
}

Status ReasonForOthers(const ReasonOptions& options, const Config& config, UserStateStore& states,
                       const std::shared_ptr<const Taxonomy>& taxonomy, const Clock& clock,
                       Progress& progress, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const std::vector<UserId> others,
                          ChosenOthers(options, states, EvidenceFrom(config, taxonomy)));
  TWOHOP_ASSIGN_OR_RETURN(
      const BatchRefresh batch,
      RefreshCohorts(config, states, taxonomy, others, clock, progress, std::move(stop)));
  if (batch.report.total() > 0) {
    fmt::print("without searches, from their cohorts: {}\n", batch.report.Describe());
  }
  return batch.status;
}

Status Estimate(const ReasonOptions& options, const Config& config, const Workspace& workspace,
                const Clock& clock, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace));
  TWOHOP_ASSIGN_OR_RETURN(const auto states, OpenWorkspaceStates(workspace, OpenMode::kReadOnly));
  TWOHOP_ASSIGN_OR_RETURN(
      const auto users,
      ChosenUsers(options, *states, EvidenceFrom(config, catalog->shared_taxonomy())));
  TWOHOP_ASSIGN_OR_RETURN(
      const ReasonEstimate estimate,
      EstimateReasoning(workspace, config, *states, users, clock, std::move(stop)));
  fmt::print("{}", DescribeReasonEstimate(estimate));
  return Ok();
}

Status RunReason(const ReasonOptions& options, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(Config config, options.common.LoadConfigOrDefaults());
  if (!options.mode.empty()) config.reasoning.mode = options.mode;
  const Workspace workspace = options.common.OpenWorkspace();
  const SystemClock clock;
  if (options.estimate) return Estimate(options, config, workspace, clock, std::move(stop));
  const auto progress = MakeProgress(stderr, clock);
  if (options.compare) return RunCompare(options, config, workspace, clock, *progress, stop);
  TWOHOP_ASSIGN_OR_RETURN(const auto states, OpenWorkspaceStates(workspace, OpenMode::kReadWrite));
  TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace));
  const auto taxonomy = catalog->shared_taxonomy();
  TWOHOP_ASSIGN_OR_RETURN(const auto users,
                          ChosenUsers(options, *states, EvidenceFrom(config, taxonomy)));
  ModelAccess models(config, workspace, clock, /*chat_context_tokens=*/0, options.run_limits);
  TWOHOP_ASSIGN_OR_RETURN(
      const BatchRefresh batch,
      RefreshInterests(workspace, config, *states, users, models, clock, *progress, stop));
  DescribeBatch(batch.report, models);
  if (batch.status.has_value()) {
    TWOHOP_RETURN_IF_ERROR(
        ReasonForOthers(options, config, *states, taxonomy, clock, *progress, stop));
  }
  if (!options.users.empty()) TWOHOP_RETURN_IF_ERROR(DescribeUsers(*states, users));
  return batch.status;
}

Status RunCurve(const ReasonOptions& options, const std::stop_token& stop) {
  TWOHOP_ASSIGN_OR_RETURN(const Config config, options.common.LoadConfigOrDefaults());
  const Workspace workspace = options.common.OpenWorkspace();
  const SystemClock clock;
  const auto progress = MakeProgress(stderr, clock);
  TWOHOP_ASSIGN_OR_RETURN(const auto states, OpenWorkspaceStates(workspace, OpenMode::kReadOnly));
  ModelAccess models(config, workspace, clock);
  TWOHOP_ASSIGN_OR_RETURN(
      const TokenCurve curve,
      MeasureTokenCurve(workspace, config, *states, options.curve, models, clock, *progress, stop));
  fmt::print("{}", DescribeTokenCurve(curve.points));
  return curve.status;
}

}  // namespace

void AddReasonCommand(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "reason", "Find latent interests of users whose searches changed; goes on where it stopped");
  auto options = std::make_shared<ReasonOptions>();
  options->common.AddTo(*command);
  command->add_option("--user", options->users, "These users only, and show what was found");
  command->add_option("--limit", options->limit, "Else so many users, by id")
      ->capture_default_str();
  command->add_option("--mode", options->mode, "Instead of reasoning.mode of the configuration")
      ->check(CLI::IsMember({"single", "self_consistency", "debate"}));
  CLI::Option* const labels =
      command->add_option("--labels", options->labels, "Labelled users (JSONL), for --compare")
          ->check(CLI::ExistingFile);
  CLI::Option* const compare =
      command
          ->add_flag("--compare", options->compare,
                     "Judge single pass, self-consistency and debate on labelled users instead")
          ->needs(labels);
  command->add_option("--json", options->json, "Write the comparison there too")->needs(compare);
  command->add_option("--markdown", options->markdown, "The same, as a table")->needs(compare);
  command->add_flag("--estimate", options->estimate, "Ask nobody, tell what it would cost");
  command
      ->add_option("--budget-tokens", options->run_limits.max_tokens,
                   "Stop before this run takes more, prompts and replies together")
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--curve", options->curve,
                   "Instead, store nothing and print the tokens a user costs after so many users "
                   "(100,1000,5000), with shared edges that begin empty, and alone")
      ->delimiter(',');
  command->callback([options, &action] {
    action = [options](std::stop_token stop) {
      return options->curve.empty() ? RunReason(*options, stop) : RunCurve(*options, stop);
    };
  });
}

}  // namespace twohop::app
