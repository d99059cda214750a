#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/recall_report.h"
#include "apps/twohop/recaller_config.h"
#include "apps/twohop/workspace_bundle.h"
#include <fmt/core.h>

#include "twohop/base/clock.h"
#include "twohop/recall/recaller.h"

namespace twohop::app {
namespace {

struct RecallOptions {
  CommonOptions common;
  std::string user;
  std::size_t k = 20;
  std::optional<double> novelty_share;  // Else as configured.
};

Status RunRecall(const RecallOptions& options) {
  TWOHOP_ASSIGN_OR_RETURN(const Config config, options.common.LoadConfigOrDefaults());
  const Workspace workspace = options.common.OpenWorkspace();
  TWOHOP_ASSIGN_OR_RETURN(const auto bundle, LoadWorkspaceBundle(workspace));
  TWOHOP_ASSIGN_OR_RETURN(const auto states, OpenWorkspaceStates(workspace, OpenMode::kReadOnly));
  TWOHOP_ASSIGN_OR_RETURN(const auto found, states->Get(UserId(options.user)));
  UserState user = found.value_or(UserState{});
  user.profile.id = UserId(options.user);

  const SystemClock clock;
  TWOHOP_ASSIGN_OR_RETURN(RecallerOptions recall, RecallerOptionsFrom(config.recall));
  const Recaller recaller(bundle, clock, std::move(recall));
  TWOHOP_ASSIGN_OR_RETURN(
      const RecallResponse response,
      recaller.Recall(user, {.k = options.k, .novelty_share = options.novelty_share}));
  fmt::print("{}{}\n{}", DescribeUser(user), DescribeInterests(user),
             DescribeRecall(response, bundle->catalog()));
  return Ok();
}

}  // namespace

void AddRecallCommand(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("recall", "Show what one user would get, and why");
  auto options = std::make_shared<RecallOptions>();
  options->common.AddTo(*command);
  command->add_option("--user", options->user, "Id of the user")->required();
  command->add_option("-k", options->k, "Items wanted")->capture_default_str();
  command
      ->add_option("--novelty-share", options->novelty_share,
                   "Of the page for the novelty channel, in [0, 1]; default: as configured")
      ->check(CLI::Range(0.0, 1.0));
  command->callback(
      [options, &action] { action = [options](std::stop_token) { return RunRecall(*options); }; });
}

}  // namespace twohop::app
