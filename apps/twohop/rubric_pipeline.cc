#include "apps/twohop/rubric_pipeline.h"

#include <utility>

#include "apps/common/assets.h"
#include "apps/twohop/model_access.h"

#include "twohop/distill/rubric_judge.h"
#include "twohop/reasoning/blocklist.h"

namespace twohop::app {
namespace {

// `config` with the judge as its language model. Its prices are those of another model.
Config ConfigureJudge(Config config, const RubricFlags& flags) {
  config.llm.mode = "remote";
  config.llm.url = flags.url;
  config.llm.model = flags.model;
  config.llm.api_key_env = flags.api_key_env;
  config.llm.usd_per_million_prompt_tokens = 0;
  config.llm.usd_per_million_completion_tokens = 0;
  config.llm_fallback.clear();  // Judgements are one judge's.
  return config;
}

Result<RubricJudge> MakeRubricJudge(const RubricFlags& flags,
                                    std::shared_ptr<const Taxonomy> taxonomy, std::uint64_t seed) {
  TWOHOP_ASSIGN_OR_RETURN(Prompt prompt, LoadRubricPrompt(PromptFolder()));
  TWOHOP_ASSIGN_OR_RETURN(Blocklist blocklist,
                          Blocklist::Load(PromptFolder() / "blocklist.v1.txt"));
  return RubricJudge(std::move(prompt), std::move(blocklist), std::move(taxonomy),
                     {.seed = seed, .send_schema = !flags.without_schema});
}

}  // namespace

Result<RubricJudgement> RunRubricJudge(const Workspace& workspace, const Config& config,
                                       const RubricFlags& flags,
                                       std::shared_ptr<const Taxonomy> taxonomy,
                                       std::span<const LabelledUser> users,
                                       std::span<const RubricEntry> entries, std::uint64_t seed,
                                       const Clock& clock, Progress& progress,
                                       std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const RubricJudge judge,
                          MakeRubricJudge(flags, std::move(taxonomy), seed));
  ModelAccess models(ConfigureJudge(config, flags), workspace, clock);
  TWOHOP_ASSIGN_OR_RETURN(ChatClient* const chat, models.Chat(stop));
  const RubricRunOptions options{
      .max_interests = flags.limit, .concurrency = config.llm.parallel, .seed = seed};
  return JudgeByRubric(users, entries, judge, *chat, options, progress, std::move(stop));
}

}  // namespace twohop::app
