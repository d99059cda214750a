#include "apps/twohop/compare_pipeline.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "apps/common/workspace_catalog.h"
#include "apps/twohop/reason_pipeline.h"
#include <fmt/format.h>

#include "twohop/distill/labels.h"
#include "twohop/llm/remembering_chat_client.h"
#include "twohop/reasoning/two_hop_generator.h"

namespace twohop::app {
namespace {

// The two runs of a row must not share a model's random numbers.
constexpr std::uint64_t kSeedOfSecondRun = 1000;

class CompareSession {
 public:
  CompareSession(const Workspace& workspace, const Config& config, const CompareRun& run,
                 ModelAccess& models, const Clock& clock, Progress& progress, std::stop_token stop)
      : workspace_(workspace),
        config_(config),
        run_(run),
        models_(models),
        clock_(clock),
        progress_(progress),
        stop_(std::move(stop)) {}

  Result<std::vector<ComparedDeliberation>> Run() {
    TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace_));
    taxonomy_ = catalog->shared_taxonomy();
    TWOHOP_ASSIGN_OR_RETURN(users_, ReadLabels(run_.labels, *taxonomy_));
    if (run_.limit != 0 && run_.limit < users_.size()) users_.resize(run_.limit);
    const std::vector<std::string> strategies = Strategies();
    for (const std::string& strategy : strategies) {
      TWOHOP_RETURN_IF_ERROR(Add("single", strategy));
    }
    for (const std::string& strategy : strategies) {
      if (!AsksChatModel(*FindTwoHopStrategy(strategy))) continue;
      TWOHOP_RETURN_IF_ERROR(Add("self_consistency", strategy));
    }
    TWOHOP_RETURN_IF_ERROR(Add("debate", config_.reasoning.strategy));
    return std::move(rows_);
  }

 private:
  // The configured one first, each once.
  std::vector<std::string> Strategies() const {
    std::vector<std::string> strategies{config_.reasoning.strategy};
    for (const AgentOptions& agent : DeliberationFrom(config_.reasoning).agents) {
      const std::string name(TwoHopStrategyName(agent.strategy));
      if (std::find(strategies.begin(), strategies.end(), name) == strategies.end()) {
        strategies.push_back(name);
      }
    }
    return strategies;
  }

  Status Add(const std::string& mode, const std::string& strategy) {
    Config config = config_;
    config.reasoning.mode = mode;
    config.reasoning.strategy = strategy;
    const std::string name = mode == "debate" ? mode : fmt::format("{} ({})", mode, strategy);
    TWOHOP_ASSIGN_OR_RETURN(auto first, Answers(name, config));
    config.reasoning.seed += kSeedOfSecondRun;
    TWOHOP_ASSIGN_OR_RETURN(const auto second, Answers(name + ", again", config));
    ComparedDeliberation& row = rows_.emplace_back();
    TWOHOP_ASSIGN_OR_RETURN(row.judgement, Judge(name, users_, first, *taxonomy_, run_.seed));
    row.stability = StabilityOf(first, second);
    if (baseline_.empty()) baseline_ = first;
    TWOHOP_ASSIGN_OR_RETURN(row.change, ChangeOf(users_, baseline_, first, run_.seed));
    return Ok();
  }

  Result<std::vector<JudgedAnswer>> Answers(const std::string& name, const Config& config) {
    TWOHOP_ASSIGN_OR_RETURN(const ConfiguredReasoning reasoning,
                            MakeReasoning(workspace_, config, models_, clock_));
    return CollectAnswers(ContestantOf(name, *reasoning.generator, *taxonomy_, clock_), users_,
                          progress_, stop_);
  }

  const Workspace& workspace_;
  const Config& config_;
  const CompareRun& run_;
  ModelAccess& models_;
  const Clock& clock_;
  Progress& progress_;
  const std::stop_token stop_;
  std::shared_ptr<const Taxonomy> taxonomy_;
  std::vector<LabelledUser> users_;
  std::vector<JudgedAnswer> baseline_;
  std::vector<ComparedDeliberation> rows_;
};

}  // namespace

Result<std::vector<ComparedDeliberation>> CompareDeliberations(
    const Workspace& workspace, const Config& config, const CompareRun& run, ModelAccess& models,
    const Clock& clock, Progress& progress, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const auto chat, models.RememberingChat(stop));
  TWOHOP_ASSIGN_OR_RETURN(EmbeddingClient* const embedder, models.Embedding(stop));
  const RememberedTimeClock remembered_time(clock, *chat);
  ModelAccess remembering(config, workspace, remembered_time);
  remembering.Rehearse(*chat, *embedder);
  return CompareSession(workspace, config, run, remembering, remembered_time, progress,
                        std::move(stop))
      .Run();
}

}  // namespace twohop::app
