#include <memory>
#include <string>
#include <vector>

#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/reason_pipeline.h"
#include "apps/twohop/recall_report.h"
#include "apps/twohop/token_curve_pipeline.h"
#include "apps/twohop/workspace_bundle.h"
#include <fmt/core.h>

#include "twohop/base/time_format.h"

namespace twohop::app {
namespace {

struct ReasonOptions {
  CommonOptions common;
  std::vector<std::string> users;
  std::size_t limit = 1000;
  std::vector<std::size_t> curve;
};

Result<std::vector<UserId>> ChosenUsers(const ReasonOptions& options,
                                        const UserStateStore& states) {
  if (options.users.empty()) return FindUsersWhoSearched(states, options.limit);
  std::vector<UserId> users;
  for (const std::string& user : options.users) users.emplace_back(user);
  return users;
}

Status DescribeUsers(const UserStateStore& states, std::span<const UserId> users) {
  for (const UserId& id : users) {
    TWOHOP_ASSIGN_OR_RETURN(const auto user, states.Get(id));
    if (user.has_value()) fmt::print("\n{}{}", DescribeUser(*user), DescribeInterests(*user));
  }
  return Ok();
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
}

Status RunReason(const ReasonOptions& options, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const Config config, options.common.LoadConfigOrDefaults());
  const Workspace workspace = options.common.OpenWorkspace();
  const SystemClock clock;
  const auto progress = MakeProgress(stderr, clock);
  TWOHOP_ASSIGN_OR_RETURN(const auto states, OpenWorkspaceStates(workspace, OpenMode::kReadWrite));
  TWOHOP_ASSIGN_OR_RETURN(const auto users, ChosenUsers(options, *states));
  ModelAccess models(config, workspace, clock);
  TWOHOP_ASSIGN_OR_RETURN(
      const BatchRefresh batch,
      RefreshInterests(workspace, config, *states, users, models, clock, *progress, stop));
  DescribeBatch(batch.report, models);
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
