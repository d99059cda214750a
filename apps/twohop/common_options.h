// The options that most subcommands take.

#pragma once

#include <string>

#include "apps/common/config.h"
#include "apps/common/workspace.h"
#include <CLI/CLI.hpp>

#include "twohop/base/result.h"

namespace twohop::app {

struct CommonOptions {
  std::string workspace = "workspace";
  std::string config_file;  // Empty: the defaults.

  // Adds --workspace and --config to a subcommand, bound to this object, which must outlive
  // parsing.
  void AddTo(CLI::App& command);

  Workspace OpenWorkspace() const { return Workspace(workspace); }
  // Errors: those of LoadConfig.
  Result<Config> LoadConfigOrDefaults() const;
};

}  // namespace twohop::app
