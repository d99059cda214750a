#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/workspace_bundle.h"
#include <fmt/core.h>

#include "twohop/distill/forget_user.h"
#include "twohop/distill/trace_files.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop::app {
namespace {

struct ForgetOptions {
  CommonOptions common;
  std::string user;
  std::vector<std::filesystem::path> rows;
};

Status ForgetIn(const std::filesystem::path& file, const UserId& user) {
  TWOHOP_ASSIGN_OR_RETURN(const std::uint64_t rows, ForgetUserRows(file, user));
  fmt::print("{}: {} rows forgotten\n", file.string(), rows);
  return Ok();
}

// Training rows first: they can fail for a wrong file, and then the user is still there to try
// again with.
Status RunForget(const ForgetOptions& options) {
  const UserId user(options.user);
  for (const std::filesystem::path& file : options.rows) {
    TWOHOP_RETURN_IF_ERROR(ForgetIn(file, user));
    const std::filesystem::path rejects = TraceFiles::RejectsOf(file);
    if (std::filesystem::exists(rejects)) TWOHOP_RETURN_IF_ERROR(ForgetIn(rejects, user));
  }
  const Workspace workspace = options.common.OpenWorkspace();
  TWOHOP_ASSIGN_OR_RETURN(const auto states, OpenWorkspaceStates(workspace, OpenMode::kReadWrite));
  TWOHOP_ASSIGN_OR_RETURN(const auto known, states->Get(user));
  TWOHOP_RETURN_IF_ERROR(states->Remove(user));
  fmt::print("user {}: {}\n", options.user,
             known.has_value() ? "state, interests, graph and debate forgotten" : "not known");
  return Ok();
}

}  // namespace

void AddForgetCommand(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "forget", "Remove all that is stored about a user: state, interests, debate, training rows");
  auto options = std::make_shared<ForgetOptions>();
  options->common.AddTo(*command);
  command->add_option("--user", options->user, "The user's id")->required();
  command
      ->add_option("--rows", options->rows,
                   "Also take the user's rows out of this file of traces, and of its rejects")
      ->check(CLI::ExistingFile);
  command->callback([options, &action] {
    action = [options](const std::stop_token&) { return RunForget(*options); };
  });
}

}  // namespace twohop::app
