#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "apps/twohop/commands.h"
#include "apps/twohop/common_options.h"
#include "apps/twohop/distill_pipeline.h"
#include "apps/twohop/model_access.h"
#include <fmt/core.h>

namespace twohop::app {
namespace {

struct GenerateTracesOptions {
  CommonOptions common;
  TeacherFlags teacher;
  TraceJobOptions job;
  std::string out;
  std::uint64_t seed = 1;
  CallLimits limits;
  bool estimate = false;
};

Status CheckPrice(const CallLimits& limits, const TokenPrice& price) {
  if (!limits.max_usd || price.prompt_usd_per_million > 0 || price.completion_usd_per_million > 0) {
    return Ok();
  }
  return InvalidArgument(
      "--max-usd needs the teacher's prices: llm.usd_per_million_prompt_tokens and "
      "llm.usd_per_million_completion_tokens in the file of --config");
}

void DescribeSkipped(const TraceJob& job) {
  if (job.traced > 0) fmt::print("{} users have a trace already\n", job.traced);
  if (job.rejected > 0) {
    fmt::print("{} users were rejected before (--retry-rejects asks again)\n", job.rejected);
  }
}

Status AskTeacher(const GenerateTracesOptions& options, const Config& config, const TraceJob& job,
                  const TeacherOptions& teacher, TraceFiles& files, std::stop_token stop) {
  const SystemClock clock;
  const auto progress = MakeProgress(stderr, clock);
  ModelAccess models(config, options.common.OpenWorkspace(), clock, ContextFor(job, teacher));
  TWOHOP_ASSIGN_OR_RETURN(ChatClient* const model, models.Chat(stop));
  const auto chat =
      MakeBudgetedChatClient(*model, models.meter(), TeacherPrice(config), options.limits);
  const TraceBatch batch =
      GenerateTraces(job.users, {job.teacher, *chat, files, clock, *progress},
                     {.concurrency = config.llm.parallel, .seed = options.seed}, std::move(stop));
  fmt::print("{}{}", DescribeTraces(batch.report), DescribeSpending(models.meter()));
  return batch.status;
}

Status RunGenerateTraces(const GenerateTracesOptions& options, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(Config configured, options.common.LoadConfigOrDefaults());
  TWOHOP_ASSIGN_OR_RETURN(const Config config,
                          ConfigureTeacher(std::move(configured), options.teacher));
  TWOHOP_RETURN_IF_ERROR(CheckPrice(options.limits, TeacherPrice(config)));
  const TeacherOptions teacher = TeacherOptionsFrom(config, options.teacher);
  const OpenMode mode = options.estimate ? OpenMode::kReadOnly : OpenMode::kReadWrite;
  TWOHOP_ASSIGN_OR_RETURN(TraceFiles files, TraceFiles::Open(options.out, mode));
  const SystemClock clock;
  TWOHOP_ASSIGN_OR_RETURN(const TraceJob job, PrepareTraces(options.common.OpenWorkspace(),
                                                            options.job, teacher, files, clock));
  DescribeSkipped(job);
  if (options.estimate) {
    fmt::print("{}", DescribeEstimate(EstimateTraces(job, teacher, TeacherPrice(config))));
    return Ok();
  }
  if (job.users.empty()) {
    fmt::print("nobody is left to ask about\n");
    return Ok();
  }
  return AskTeacher(options, config, job, teacher, files, std::move(stop));
}

void AddTeacherFlags(CLI::App& command, TeacherFlags& teacher) {
  command.add_option("--teacher-url", teacher.url,
                     "OpenAI-compatible server, up to and with /v1; else [llm] of the config");
  command.add_option("--teacher-model", teacher.model, "Model, as the server names it");
  command.add_option("--api-key-env", teacher.api_key_env,
                     "Name of the environment variable that holds the key");
  command
      .add_option("--max-reply-tokens", teacher.max_reply_tokens,
                  "Of a reply with its thinking; one that is cut is asked for again with twice as "
                  "many (default: 4096, a managed server's 768)")
      ->check(CLI::Range(16, 1 << 20));
  command
      .add_option("--answers", teacher.answers,
                  "Answers about each user; interests that more than half of them name are kept")
      ->check(CLI::Range(1, 16))
      ->capture_default_str();
  command.add_option("--concurrency", teacher.concurrency, "Calls at a time; else llm.parallel")
      ->check(CLI::Range(1, 256));
}

void AddGenerateTracesCommand(CLI::App& distill, Action& action) {
  CLI::App* command = distill.add_subcommand(
      "generate", "Ask a teacher for reasoning traces; goes on where it stopped");
  auto options = std::make_shared<GenerateTracesOptions>();
  options->common.AddTo(*command);
  command->add_option("--out", options->out, "Traces are appended to this file")->required();
  command->add_option("--users", options->job.users_file,
                      "Users as JSON lines; else the workspace's users who searched");
  command->add_option("--taxonomy", options->job.taxonomy_file, "Else the workspace's");
  AddTeacherFlags(*command, options->teacher);
  command->add_option("--limit", options->job.limit, "The first so many users only");
  command->add_option("--seed", options->seed, "Sent to the teacher")->capture_default_str();
  command->add_flag("--retry-rejects", options->job.retry_rejects,
                    "Ask again about users whose answers did not stand");
  command->add_option("--max-usd", options->limits.max_usd, "Stop before this run costs more")
      ->check(CLI::PositiveNumber);
  command->add_option("--max-tokens", options->limits.max_tokens,
                      "Stop before this run takes more, prompts and replies together");
  command->add_flag("--estimate", options->estimate, "Ask nobody, tell what it would cost");
  command->callback([options, &action] {
    action = [options](std::stop_token stop) { return RunGenerateTraces(*options, stop); };
  });
}

}  // namespace

void AddDistillCommand(CLI::App& app, Action& action) {
  CLI::App* distill = app.add_subcommand("distill", "What a small model is tuned on");
  distill->require_subcommand(1);
  AddGenerateTracesCommand(*distill, action);
  AddDistillExportCommand(*distill, action);
}

}  // namespace twohop::app
