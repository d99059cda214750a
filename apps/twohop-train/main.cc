#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "apps/common/config.h"
#include "apps/common/exit_code.h"
#include "apps/common/interrupt.h"
#include "apps/common/workspace.h"
#include "apps/twohop-train/passive_openmp.h"
#include "apps/twohop-train/train_pipeline.h"
#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace twohop::app {
namespace {

struct Arguments {
  std::string workspace = "workspace";
  std::string config_file;
  std::optional<std::size_t> epochs;
  std::optional<std::uint64_t> seed;
  std::uint32_t time_limit_s = 0;
  bool resume = false;
};

Status Run(const Arguments& arguments, std::stop_token stop) {
  Config config;
  if (!arguments.config_file.empty()) {
    TWOHOP_ASSIGN_OR_RETURN(config, LoadConfig(arguments.config_file));
  }
  TrainOptions options;
  options.epochs = arguments.epochs.value_or(config.train.epochs);
  options.seed = arguments.seed.value_or(config.train.seed);
  options.threads = 0;
  options.time_limit = std::chrono::seconds(arguments.time_limit_s);
  const SystemClock clock;
  const auto progress = MakeProgress(stdout, clock);
  TWOHOP_ASSIGN_OR_RETURN(const auto report,
                          TrainWorkspace(Workspace(arguments.workspace), options,
                                         arguments.resume ? Resume::kRequired : Resume::kIfPossible,
                                         clock, *progress, std::move(stop)));
  fmt::print("{}", report.has_value() ? DescribeTraining(*report)
                                      : fmt::format("{:<28} up to date\n", "dual tower"));
  return Ok();
}

}  // namespace
}  // namespace twohop::app

int main(int argc, char** argv) {
  using namespace twohop::app;
  UsePassiveOpenMp(argv);
  const Interrupt interrupt;
  CLI::App app("Trains the dual tower on a workspace; goes on where it was interrupted",
               "twohop-train");
  Arguments arguments;
  app.add_option("--workspace", arguments.workspace, "Folder with the community's files")
      ->capture_default_str();
  app.add_option("--config", arguments.config_file, "TOML file; see `twohop config`");
  app.add_option("--epochs", arguments.epochs, "Instead of the configured number");
  app.add_option("--seed", arguments.seed, "Instead of the configured one");
  app.add_option("--time-limit", arguments.time_limit_s,
                 "Seconds of training, after which the model is written as it is; 0: no limit")
      ->capture_default_str();
  app.add_flag("--resume", arguments.resume,
               "Go on with an unfinished training; fail if there is none or it cannot be used");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);  // Prints help or what is wrong.
    return code == 0 ? 0 : 2;
  }
  return ReportAndExitCode("twohop-train", Run(arguments, interrupt.token()));
}
