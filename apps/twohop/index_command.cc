#include <memory>

#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/index_pipeline.h"
#include <fmt/core.h>

namespace twohop::app {
namespace {

Status RunIndex(const CommonOptions& options, std::stop_token stop) {
  const SystemClock clock;
  const auto progress = MakeProgress(stderr, clock);
  TWOHOP_ASSIGN_OR_RETURN(const IndexReport report,
                          BuildCurrentBundle(options.OpenWorkspace(), clock, *progress, stop));
  fmt::print("bundle {} {}\n", report.version,
             report.was_current ? "is up to date" : "is now the current one");
  return Ok();
}

}  // namespace

void AddIndexCommand(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("index", "Build the bundle that serving loads from the trained model");
  auto options = std::make_shared<CommonOptions>();
  options->AddTo(*command);
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunIndex(*options, stop); };
  });
}

}  // namespace twohop::app
