#include <memory>
#include <optional>

#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/serve_pipeline.h"

namespace twohop::app {
namespace {

struct ServeCommandOptions {
  CommonOptions common;
  std::optional<std::uint16_t> port;
  bool nearline = false;
};

Status RunServe(const ServeCommandOptions& options, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(Config config, options.common.LoadConfigOrDefaults());
  if (options.port.has_value()) config.serve.port = *options.port;
  const SystemClock clock;
  return ServeWorkspace(options.common.OpenWorkspace(), config,
                        {.config_file = options.common.config_file, .nearline = options.nearline},
                        clock, stop);
}

}  // namespace

void AddServeCommand(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("serve", "Answer recall requests over HTTP");
  auto options = std::make_shared<ServeCommandOptions>();
  options->common.AddTo(*command);
  command->add_option("--port", options->port, "Instead of the configured one; 0: any free one");
  command->add_flag("--nearline", options->nearline,
                    "Also refresh the interests of users whose searches or feedback arrive");
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunServe(*options, stop); };
  });
}

}  // namespace twohop::app
