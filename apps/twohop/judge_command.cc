#include <memory>
#include <string>
#include <utility>

#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/judge_pipeline.h"
#include "apps/twohop/rubric_pipeline.h"
#include <fmt/core.h>

#include "twohop/base/file.h"
#include "twohop/distill/judge_report.h"

namespace twohop::app {
namespace {

struct JudgeOptions {
  CommonOptions common;
  JudgeRun run;
  RubricFlags rubric;
  std::string json;
  std::string markdown;
};

Status WriteReports(const JudgeOptions& options, const std::string& markdown, const Json& json) {
  if (!options.markdown.empty()) {
    TWOHOP_RETURN_IF_ERROR(WriteFileAtomically(options.markdown, markdown));
  }
  if (options.json.empty()) return Ok();
  return WriteFileAtomically(options.json, json.dump(2) + "\n");
}

// The local models end with it: the rubric judge needs none of them.
Result<JudgedRun> JudgeByLabels(const JudgeOptions& options, const Workspace& workspace,
                                const Config& config, const Clock& clock, Progress& progress,
                                std::stop_token stop) {
  ModelAccess models(config, workspace, clock);
  return JudgeAll(workspace, config, options.run, models, clock, progress, std::move(stop));
}

Status RunJudge(const JudgeOptions& options, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(Config config, options.common.LoadConfigOrDefaults());
  config.llm_fallback.clear();  // What is judged is one model's.
  const Workspace workspace = options.common.OpenWorkspace();
  const SystemClock clock;
  const auto progress = MakeProgress(stderr, clock);
  TWOHOP_ASSIGN_OR_RETURN(const JudgedRun judged,
                          JudgeByLabels(options, workspace, config, clock, *progress, stop));
  const std::string table = JudgementsToMarkdown(judged.judgements);
  fmt::print("{}", table);
  // Before the other judge is asked, who may fail.
  const Json by_labels = JudgementsToJson(judged.judgements);
  TWOHOP_RETURN_IF_ERROR(WriteReports(options, table, by_labels));
  if (options.rubric.url.empty()) return Ok();
  TWOHOP_ASSIGN_OR_RETURN(
      const RubricJudgement by_rubric,
      RunRubricJudge(workspace, config, options.rubric, judged.taxonomy, judged.users,
                     judged.entries, options.run.seed, clock, *progress, stop));
  const std::string second_table = "\n" + RubricToMarkdown(by_rubric);
  fmt::print("{}", second_table);
  return WriteReports(options, table + second_table,
                      {{"by_labels", by_labels},
                       {"by_rubric", RubricToJson(by_rubric, judged.users, *judged.taxonomy)}});
}

void AddRubricOptions(CLI::App& command, RubricFlags& rubric) {
  CLI::Option* url = command.add_option(
      "--judge-url", rubric.url,
      "OpenAI-compatible server, up to and with /v1, of a larger model that scores too");
  CLI::Option* model =
      command.add_option("--judge-model", rubric.model, "That model, as the server names it")
          ->needs(url);
  url->needs(model);
  command
      .add_option("--judge-api-key-env", rubric.api_key_env,
                  "Name of the environment variable that holds the key")
      ->needs(url);
  command
      .add_option("--judge-limit", rubric.limit,
                  "Only the first so many interests of each contestant; 0: all")
      ->needs(url);
  command
      .add_flag("--judge-without-schema", rubric.without_schema,
                "Do not send the answer's schema, for servers that refuse response_format")
      ->needs(url);
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
  command->add_option(
      "--strategy", options->run.strategies,
      "As reasoning.strategy; \":base\", \":zero_shot\" or \":free\" behind it take the "
      "adapter, examples or schema away; repeatable");
  command->add_option("--answers", options->run.answers, "Recorded answers (traces); repeatable")
      ->check(CLI::ExistingFile);
  command->add_option("--traces", options->run.traces, "Traces that say what is popular")
      ->check(CLI::ExistingFile);
  command->add_option("--limit", options->run.limit, "Only the first users; 0: all");
  command->add_option("--seed", options->run.seed, "Of chance and of the intervals")
      ->capture_default_str();
  command->add_option("--json", options->json,
                      "Write the result there too: a JSON list; with --judge-url an object of "
                      "by_labels, that list, and by_rubric");
  command->add_option("--markdown", options->markdown, "Write the tables there too");
  AddRubricOptions(*command, options->rubric);
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunJudge(*options, stop); };
  });
}

}  // namespace twohop::app
