#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>

#include "apps/common/assets.h"
#include "apps/common/config.h"
#include "apps/common/exit_code.h"
#include "apps/common/interrupt.h"
#include "apps/common/workspace.h"
#include "apps/twohop-train/beauty_benchmark.h"
#include "apps/twohop-train/passive_openmp.h"
#include "apps/twohop-train/train_config.h"
#include "apps/twohop-train/train_pipeline.h"
#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "twohop/base/file.h"
#include "twohop/towers/training/training_curves.h"

namespace twohop::app {
namespace {

struct Arguments {
  std::string workspace = "workspace";
  std::string config_file;
  std::optional<std::size_t> epochs;
  std::optional<std::uint64_t> seed;
  std::uint32_t time_limit_s = 0;
  bool resume = false;

  std::string beauty_folder;
  std::string beauty_out = "beauty";
  std::size_t beauty_seeds = 3;
};

void AddBeauty(CLI::App& app, Arguments& arguments) {
  CLI::App* const beauty = app.add_subcommand(
      "benchmark-beauty",
      "Recall on Amazon Beauty, leave-one-out, all items ranked: popularity, item-to-item CF, "
      "plain "
      "u2i, ours. With --config FILE before it, ours is trained as that says, else as "
      "configs/experiments/beauty.toml");
  beauty->add_option("DIR", arguments.beauty_folder, "Folder of sequences.txt[.gz], items.csv[.gz]")
      ->required();
  beauty->add_option("--seeds", arguments.beauty_seeds, "Trainings, for the spread")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  beauty->add_option("--out", arguments.beauty_out, "Folder for beauty.md, .json and .svg")
      ->capture_default_str();
}

Result<TrainOptions> OptionsOf(const Arguments& arguments, const std::string& config_file) {
  Config config;
  if (!config_file.empty()) {
    TWOHOP_ASSIGN_OR_RETURN(config, LoadConfig(config_file));
  }
  TrainOptions options = TrainOptionsOf(config.train);
  options.epochs = arguments.epochs.value_or(options.epochs);
  options.seed = arguments.seed.value_or(options.seed);
  options.threads = 0;
  options.time_limit = std::chrono::seconds(arguments.time_limit_s);
  return options;
}

// The picture is of the first seed's training.
Status WriteReports(const BeautyReport& report, const std::filesystem::path& folder) {
  TWOHOP_RETURN_IF_ERROR(
      WriteFileAtomically(folder / "beauty.json", BeautyToJson(report).dump(2) + "\n"));
  TWOHOP_RETURN_IF_ERROR(WriteFileAtomically(folder / "beauty.md", BeautyToMarkdown(report)));
  if (report.training.empty()) return Ok();
  return WriteFileAtomically(folder / "beauty.svg", TrainingCurvesSvg(report.training.front()));
}

Status RunBeauty(const Arguments& arguments, const std::stop_token& stop) {
  const std::string config = arguments.config_file.empty()
                                 ? (AssetRoot() / "configs/experiments/beauty.toml").string()
                                 : arguments.config_file;
  BeautyOptions options{.seeds = arguments.beauty_seeds};
  TWOHOP_ASSIGN_OR_RETURN(options.ours, OptionsOf(arguments, config));
  options.plain.threads = options.ours.threads;
  const SystemClock clock;
  const auto progress = MakeProgress(stderr, clock);
  TWOHOP_RETURN_IF_ERROR(MakeDirectories(arguments.beauty_out));
  TWOHOP_ASSIGN_OR_RETURN(const BeautyReviews reviews, ReadBeauty(arguments.beauty_folder));
  TWOHOP_ASSIGN_OR_RETURN(
      const BeautyReport report,
      RunBeautyBenchmark(reviews, options, arguments.beauty_out, clock, *progress, stop));
  fmt::print("{}", BeautyToMarkdown(report));
  return WriteReports(report, arguments.beauty_out);
}

Status Run(const Arguments& arguments, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const TrainOptions options, OptionsOf(arguments, arguments.config_file));
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
  AddBeauty(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);  // Prints help or what is wrong.
    return code == 0 ? 0 : 2;
  }
  const bool is_benchmark = app.got_subcommand("benchmark-beauty");
  return ReportAndExitCode("twohop-train", is_benchmark ? RunBeauty(arguments, interrupt.token())
                                                        : Run(arguments, interrupt.token()));
}
