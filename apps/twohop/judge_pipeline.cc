#include "apps/twohop/judge_pipeline.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "apps/common/workspace_catalog.h"
#include "apps/twohop/reason_pipeline.h"
#include <fmt/format.h>

#include "twohop/base/text.h"
#include "twohop/distill/baselines.h"
#include "twohop/distill/labels.h"
#include "twohop/distill/trace.h"
#include "twohop/reasoning/two_hop_generator.h"

namespace twohop::app {
namespace {

struct NamedStrategy {
  std::string strategy;
  ModelUse use;
};

Result<NamedStrategy> ParseStrategy(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  NamedStrategy named{.strategy = std::string(text.substr(0, colon)), .use = {}};
  if (!FindTwoHopStrategy(named.strategy).has_value()) {
    return InvalidArgument(fmt::format("unknown strategy \"{}\"", named.strategy));
  }
  if (colon == text.size()) return named;
  for (const std::string_view variant : Split(text.substr(colon + 1), ',')) {
    if (variant == "base") {
      named.use.adapter = false;
    } else if (variant == "zero_shot") {
      named.use.examples = false;
    } else if (variant == "free") {
      named.use.schema = false;
    } else {
      return InvalidArgument(fmt::format("unknown variant \"{}\" in \"{}\"", variant, text));
    }
  }
  return named;
}

class JudgeSession {
 public:
  JudgeSession(const Workspace& workspace, const Config& config, const JudgeRun& run,
               ModelAccess& models, const Clock& clock, Progress& progress, std::stop_token stop)
      : workspace_(workspace),
        config_(config),
        run_(run),
        models_(models),
        clock_(clock),
        progress_(progress),
        stop_(std::move(stop)) {}

  Result<JudgedRun> Run() {
    TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace_));
    taxonomy_ = catalog->shared_taxonomy();
    judged_.taxonomy = taxonomy_;
    TWOHOP_ASSIGN_OR_RETURN(users_, ReadLabels(run_.labels, *taxonomy_));
    if (run_.limit != 0 && run_.limit < users_.size()) users_.resize(run_.limit);
    TWOHOP_RETURN_IF_ERROR(Add(RandomContestant(taxonomy_, run_.seed)));
    if (!run_.traces.empty()) {
      TWOHOP_ASSIGN_OR_RETURN(const auto traces, ReadTraces(run_.traces, *taxonomy_));
      TWOHOP_RETURN_IF_ERROR(Add(PopularContestant(taxonomy_, traces.rows)));
    }
    for (const std::string& strategy : run_.strategies) {
      TWOHOP_RETURN_IF_ERROR(AddStrategy(strategy));
    }
    for (const std::filesystem::path& file : run_.answers) {
      TWOHOP_RETURN_IF_ERROR(AddRecorded(file));
    }
    judged_.users = std::move(users_);
    return std::move(judged_);
  }

 private:
  Status AddStrategy(const std::string& name) {
    TWOHOP_ASSIGN_OR_RETURN(const NamedStrategy named, ParseStrategy(name));
    Config config = config_;
    config.reasoning.strategy = named.strategy;
    TWOHOP_ASSIGN_OR_RETURN(const ConfiguredReasoning reasoning,
                            MakeReasoning(workspace_, config, models_, clock_, named.use));
    return Add(ContestantOf(name, *reasoning.generator, *reasoning.taxonomy, clock_));
  }

  Status AddRecorded(const std::filesystem::path& file) {
    TWOHOP_ASSIGN_OR_RETURN(auto read, ReadTraces(file, *taxonomy_));
    TWOHOP_ASSIGN_OR_RETURN(auto traces, RequireAllRows(file, std::move(read)));
    return Add(RecordedContestant(file.filename().string(), std::move(traces), taxonomy_));
  }

  Status Add(const Contestant& contestant) {
    TWOHOP_ASSIGN_OR_RETURN(auto answers, CollectAnswers(contestant, users_, progress_, stop_));
    TWOHOP_ASSIGN_OR_RETURN(judged_.judgements.emplace_back(),
                            Judge(contestant.name, users_, answers, *taxonomy_, run_.seed));
    judged_.entries.push_back({contestant.name, std::move(answers)});
    return Ok();
  }

  const Workspace& workspace_;
  const Config& config_;
  const JudgeRun& run_;
  ModelAccess& models_;
  const Clock& clock_;
  Progress& progress_;
  const std::stop_token stop_;
  std::shared_ptr<const Taxonomy> taxonomy_;
  std::vector<LabelledUser> users_;
  JudgedRun judged_;
};

}  // namespace

Result<JudgedRun> JudgeAll(const Workspace& workspace, const Config& config, const JudgeRun& run,
                           ModelAccess& models, const Clock& clock, Progress& progress,
                           std::stop_token stop) {
  return JudgeSession(workspace, config, run, models, clock, progress, std::move(stop)).Run();
}

}  // namespace twohop::app
