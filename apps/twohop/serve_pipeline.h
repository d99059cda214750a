// The HTTP server over a workspace.

#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "apps/common/config.h"
#include "apps/common/workspace.h"

#include "twohop/base/clock.h"
#include "twohop/base/result.h"

namespace twohop::app {

struct ServeOptions {
  // Where `config` was read, to be read again when it changes or on SIGHUP; empty: nowhere.
  std::filesystem::path config_file{};
  // Also refreshes the interests of users whose searches or feedback arrive; the language model is
  // started when the first one does.
  bool nearline = false;
  std::string example_user = "USER";  // In the line that shows how to ask.
};

// Serves until a stop is requested, and then lets requests under way finish. Events that arrive are
// logged and worked into the user's state before their request is answered; a new bundle and
// another [recall] of the configuration are picked up within seconds. Prints address and example to
// standard output.
//
// Errors: kFailedPrecondition if the workspace has no bundle or no users, or the port is in use;
// those of the stores.
Status ServeWorkspace(const Workspace& workspace, const Config& config, const ServeOptions& options,
                      const Clock& clock, std::stop_token stop);

}  // namespace twohop::app
