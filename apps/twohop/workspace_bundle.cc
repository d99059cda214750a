#include "apps/twohop/workspace_bundle.h"

#include <filesystem>
#include <utility>

#include <fmt/format.h>

namespace twohop::app {
namespace {

tl::unexpected<Error> Missing(const Workspace& workspace, std::string_view what,
                              std::string_view command) {
  return FailedPrecondition(fmt::format("workspace {} has no {}: run `twohop {}` first",
                                        workspace.root().string(), what, command));
}

}  // namespace

Result<std::shared_ptr<const Bundle>> LoadWorkspaceBundle(const Workspace& workspace) {
  auto bundle = LoadCurrentBundle(workspace.bundles());
  if (!bundle.has_value() && bundle.error().code() == ErrorCode::kNotFound) {
    return Missing(workspace, "bundle", "index");
  }
  return bundle;
}

Result<std::unique_ptr<UserStateStore>> OpenWorkspaceStates(const Workspace& workspace,
                                                            OpenMode mode) {
  std::error_code ignored;
  if (!std::filesystem::exists(workspace.user_states(), ignored)) {
    return Missing(workspace, "users", "import");
  }
  return OpenUserStateStore(workspace.user_states(), mode);
}

}  // namespace twohop::app
