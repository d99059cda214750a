#include <memory>

#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include <fmt/core.h>

namespace twohop::app {

void AddConfigCommand(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("config", "Check a configuration and print all values");
  auto options = std::make_shared<CommonOptions>();
  options->AddTo(*command);
  command->callback([options, &action] {
    action = [options](std::stop_token) -> Status {
      TWOHOP_ASSIGN_OR_RETURN(const Config config, options->LoadConfigOrDefaults());
      fmt::print("{}", ConfigToToml(config));
      return Ok();
    };
  });
}

}  // namespace twohop::app
