#include "apps/twohop-train/train_pipeline.h"

#include <filesystem>
#include <string>
#include <utility>

#include "apps/twohop-train/training_inputs.h"
#include <fmt/core.h>

#include "twohop/base/file.h"
#include "twohop/base/hash.h"
#include "twohop/towers/model_file.h"
#include "twohop/towers/training/evaluation.h"
#include "twohop/towers/training/trainer.h"
#include "twohop/towers/two_tower.h"

namespace twohop::app {
namespace {

constexpr double kHeldoutShare = 0.1;

std::string Fingerprint(const TrainingInputs& inputs, const TrainOptions& options) {
  return Hasher()
      .Add(inputs.catalog->fingerprint())
      .Add(inputs.categories.fingerprint())
      .Add(inputs.data.fingerprint())
      .Add(DumpJson(OptionsToJson(options)))
      .Add(options.epochs)
      .hex();
}

bool IsTrainedFrom(const Workspace& workspace, const std::string& fingerprint) {
  const auto description = LoadModelDescription(workspace.model());
  return description.has_value() && description->inputs == fingerprint;
}

// A checkpoint of other inputs is of no use any more: start anew instead of asking the user to.
Result<TrainedModel> TrainOrResume(const TrainingInput& input, const TrainOptions& options,
                                   const std::filesystem::path& checkpoint, const Clock& clock,
                                   Progress& progress, const std::stop_token& stop) {
  auto trained =
      TrainTwoTower(input, options, checkpoint, StartFrom::kCheckpoint, clock, progress, stop);
  if (trained.has_value() || trained.error().code() == ErrorCode::kCancelled) return trained;
  std::error_code ignored;
  if (!std::filesystem::exists(checkpoint, ignored)) return trained;
  fmt::print("the checkpoint cannot be used ({}); starting anew\n", trained.error().message());
  return TrainTwoTower(input, options, checkpoint, StartFrom::kScratch, clock, progress, stop);
}

void Describe(const TrainSummary& summary, const EvaluationReport& report) {
  const EpochLoss loss = summary.epochs.empty() ? EpochLoss{} : summary.epochs.back();
  fmt::print("{} rows, {} steps, loss: click {:.3f}, interest {:.3f}\n", summary.rows,
             summary.steps, loss.click, loss.interest);
  fmt::print("held-out clicks found among the first {} / {} / {} items ({} clicks):\n",
             kRecallCutoffs[0], kRecallCutoffs[1], kRecallCutoffs[2], report.rows);
  const auto line = [](std::string_view name, const RecallAtCutoffs& recall) {
    fmt::print("  {:<24} {:5.1f} / {:5.1f} / {:5.1f} %\n", name, 100 * recall[0], 100 * recall[1],
               100 * recall[2]);
  };
  line("under its category", report.conditioned);
  line("without a condition", report.plain);
  line("popularity", report.popularity);
}

// Evaluates what was written, so that what serving loads is what was measured.
Result<EvaluationReport> Evaluate(const Workspace& workspace, const TrainingInputs& inputs,
                                  const TrainOptions& options, Progress& progress,
                                  std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const TwoTower tower,
                          TwoTower::Load(workspace.model(), inputs.catalog,
                                         inputs.categories.vectors, inputs.categories.encoder));
  return EvaluateTwoTower(tower, *inputs.catalog, inputs.categories.vectors, inputs.data,
                          {.threads = options.threads, .seed = options.seed}, progress,
                          std::move(stop));
}

}  // namespace

Status TrainWorkspace(const Workspace& workspace, const TrainOptions& options, const Clock& clock,
                      Progress& progress, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const TrainingInputs inputs,
                          ReadTrainingInputs(workspace, kHeldoutShare, progress, stop));
  const std::string fingerprint = Fingerprint(inputs, options);
  if (IsTrainedFrom(workspace, fingerprint)) {
    fmt::print("{:<28} up to date\n", "dual tower");
    return Ok();
  }
  const auto checkpoint = workspace.root() / "checkpoint.bin";
  TWOHOP_ASSIGN_OR_RETURN(TrainedModel trained,
                          TrainOrResume({.catalog = *inputs.catalog,
                                         .category_vectors = inputs.categories.vectors,
                                         .text_encoder = inputs.categories.encoder,
                                         .data = inputs.data},
                                        options, checkpoint, clock, progress, stop));
  trained.model.description.inputs = fingerprint;
  TWOHOP_RETURN_IF_ERROR(SaveModel(workspace.model(), trained.model));
  std::error_code ignored;
  std::filesystem::remove(checkpoint, ignored);
  TWOHOP_ASSIGN_OR_RETURN(const EvaluationReport report,
                          Evaluate(workspace, inputs, options, progress, stop));
  Describe(trained.summary, report);
  const Json json = {{"training", SummaryToJson(trained.summary)},
                     {"evaluation", ReportToJson(report)}};
  return WriteFileAtomically(workspace.model() / "training_report.json", json.dump(2) + "\n");
}

}  // namespace twohop::app
