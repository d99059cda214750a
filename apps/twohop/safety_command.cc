#include <memory>
#include <string>
#include <utility>

#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/safety_pipeline.h"
#include <fmt/core.h>

#include "twohop/base/file.h"
#include "twohop/reasoning/two_hop_generator.h"
#include "twohop/safety/attack_report.h"

namespace twohop::app {
namespace {

struct ReportFiles {
  std::string json;
  std::string markdown;

  void AddTo(CLI::App& command) {
    command.add_option("--json", json, "Write the result there too, as JSON");
    command.add_option("--markdown", markdown, "Write the table there too");
  }

  // Prints the table and writes the files that are wanted.
  Status Write(const std::string& table, const Json& result) const {
    fmt::print("{}", table);
    if (!markdown.empty()) TWOHOP_RETURN_IF_ERROR(WriteFileAtomically(markdown, table));
    if (json.empty()) return Ok();
    return WriteFileAtomically(json, result.dump(2) + "\n");
  }
};

struct AttacksOptions {
  CommonOptions common;
  ReportFiles report;
  AttackRun run{.attacks = {},
                .harmless_searches = {"waterproof hiking boots", "pour over kettle"},
                .limit = 0};
  std::string strategy;  // Empty: as configured.
};

Status RunAttacksCommand(const AttacksOptions& options, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(Config config, options.common.LoadConfigOrDefaults());
  if (!options.strategy.empty()) {
    if (!FindTwoHopStrategy(options.strategy)) {
      return InvalidArgument(fmt::format("unknown strategy \"{}\"", options.strategy));
    }
    config.reasoning.strategy = options.strategy;
  }
  const Workspace workspace = options.common.OpenWorkspace();
  const SystemClock clock;
  const auto progress = MakeProgress(stderr, clock);
  ModelAccess models(config, workspace, clock);
  TWOHOP_ASSIGN_OR_RETURN(const auto results, RunAttacks(workspace, config, options.run, models,
                                                         clock, *progress, std::move(stop)));
  return options.report.Write(AttacksToMarkdown(results), AttacksToJson(results));
}

struct GuardOptions {
  CommonOptions common;
  ReportFiles report;
  std::string phrases;
};

Status RunGuardCommand(const GuardOptions& options, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const Config config, options.common.LoadConfigOrDefaults());
  const Workspace workspace = options.common.OpenWorkspace();
  const SystemClock clock;
  ModelAccess models(config, workspace, clock);
  TWOHOP_ASSIGN_OR_RETURN(const auto rows, RunGuardFigures(workspace, config, options.phrases,
                                                           models, clock, std::move(stop)));
  return options.report.Write(GuardsToMarkdown(rows), GuardsToJson(rows));
}

void AddAttacksCommand(CLI::App& safety, Action& action) {
  CLI::App* command = safety.add_subcommand(
      "attacks", "Make attacks as searches beside harmless ones; count what they change");
  auto options = std::make_shared<AttacksOptions>();
  options->common.AddTo(*command);
  command->add_option("attacks", options->run.attacks, "Attacks (JSONL)")
      ->required()
      ->check(CLI::ExistingFile);
  command->add_option("--strategy", options->strategy, "In place of the configured one");
  command
      ->add_option("--search", options->run.harmless_searches,
                   "Harmless search of the attacked user; repeatable")
      ->capture_default_str();
  command->add_option("--limit", options->run.limit, "Attacks of each kind; 0: all");
  options->report.AddTo(*command);
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunAttacksCommand(*options, stop); };
  });
}

void AddGuardCommand(CLI::App& safety, Action& action) {
  CLI::App* command = safety.add_subcommand(
      "guard", "Recall and false positives of the guards against sensitive inferences");
  auto options = std::make_shared<GuardOptions>();
  options->common.AddTo(*command);
  command->add_option("phrases", options->phrases, "Sensitive phrases (JSONL)")
      ->required()
      ->check(CLI::ExistingFile);
  options->report.AddTo(*command);
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunGuardCommand(*options, stop); };
  });
}

}  // namespace

void AddSafetyCommand(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("safety", "Try what reasoning must withstand: attacks, sensitive texts");
  command->require_subcommand(1);
  AddAttacksCommand(*command, action);
  AddGuardCommand(*command, action);
}

}  // namespace twohop::app
