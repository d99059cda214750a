#include <memory>
#include <string>

#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/judge_pipeline.h"
#include <fmt/core.h>

#include "twohop/base/file.h"
#include "twohop/distill/judge_report.h"

namespace twohop::app {
namespace {

struct JudgeOptions {
  CommonOptions common;
  JudgeRun run;
  std::string json;
  std::string markdown;
};

Status RunJudge(const JudgeOptions& options, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const Config config, options.common.LoadConfigOrDefaults());
  const Workspace workspace = options.common.OpenWorkspace();
  const SystemClock clock;
  const auto progress = MakeProgress(stderr, clock);
  ModelAccess models(config, workspace, clock);
  TWOHOP_ASSIGN_OR_RETURN(const std::vector<Judgement> judgements,
                          JudgeAll(workspace, config, options.run, models, clock, *progress, stop));
  const std::string table = JudgementsToMarkdown(judgements);
  fmt::print("{}", table);
  if (!options.markdown.empty()) {
    TWOHOP_RETURN_IF_ERROR(WriteFileAtomically(options.markdown, table));
  }
  if (options.json.empty()) return Ok();
  return WriteFileAtomically(options.json, JudgementsToJson(judgements).dump(2) + "\n");
}

}  // namespace

void AddJudgeCommand(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "judge",
      "Score interests with 0/1/2 on labelled users: strategies, recorded answers, chance");
  auto options = std::make_shared<JudgeOptions>();
  options->common.AddTo(*command);
  command->add_option("--labels", options->run.labels, "Labelled users (JSONL)")
      ->required()
      ->check(CLI::ExistingFile);
  command->add_option("--strategy", options->run.strategies, "As reasoning.strategy; repeatable");
  command->add_option("--answers", options->run.answers, "Recorded answers (traces); repeatable")
      ->check(CLI::ExistingFile);
  command->add_option("--traces", options->run.traces, "Traces that say what is popular")
      ->check(CLI::ExistingFile);
  command->add_option("--limit", options->run.limit, "Only the first users; 0: all");
  command->add_option("--seed", options->run.seed, "Of chance and of the intervals")
      ->capture_default_str();
  command->add_option("--json", options->json, "Write the result there too, as JSON");
  command->add_option("--markdown", options->markdown, "Write the table there too");
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunJudge(*options, stop); };
  });
}

}  // namespace twohop::app
