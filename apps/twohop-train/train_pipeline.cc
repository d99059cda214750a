#include "apps/twohop-train/train_pipeline.h"

#include <string>
#include <string_view>
#include <utility>

#include "apps/twohop-train/training_inputs.h"
#include <fmt/core.h>

#include "twohop/base/file.h"
#include "twohop/base/hash.h"
#include "twohop/base/json.h"
#include "twohop/towers/model_file.h"
#include "twohop/towers/training/training_curves.h"
#include "twohop/towers/two_tower.h"

namespace twohop::app {
namespace {

constexpr double kHeldoutShare = 0.1;

std::string Fingerprint(const TrainingSources& sources, const TrainOptions& options) {
  return Hasher()
      .Add(sources.fingerprint())
      .Add(DumpJson(OptionsToJson(options)))
      .Add(options.epochs)
      .hex();
}

bool IsTrainedFrom(const Workspace& workspace, const std::string& fingerprint) {
  const auto description = LoadModelDescription(workspace.model());
  return description.has_value() && description->inputs == fingerprint;
}

bool HasCheckpoint(const Workspace& workspace) {
  std::error_code ignored;
  return std::filesystem::exists(CheckpointFile(workspace), ignored);
}

// A checkpoint of other inputs is of no use any more: start anew instead of asking the user to,
// unless the user asked for it by name.
Result<TrainedModel> TrainOrResume(const TrainingInput& input, const TrainOptions& options,
                                   Resume resume, const Workspace& workspace, const Clock& clock,
                                   Progress& progress, const std::stop_token& stop) {
  const auto train = [&](StartFrom start) {
    return TrainTwoTower(input, options, CheckpointFile(workspace), start, clock, progress, stop);
  };
  auto trained = train(StartFrom::kCheckpoint);
  if (trained.has_value() || resume == Resume::kRequired || !HasCheckpoint(workspace)) {
    return trained;
  }
  const ErrorCode code = trained.error().code();
  const bool unusable = code == ErrorCode::kFailedPrecondition || code == ErrorCode::kDataLoss ||
                        code == ErrorCode::kUnimplemented;
  return unusable ? train(StartFrom::kScratch) : std::move(trained);
}

Result<EvaluationReport> Evaluate(const Model& model, const TrainingInput& input,
                                  const TrainOptions& options, Progress& progress,
                                  std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(
      const TwoTower tower,
      TwoTower::FromModel(model, input.catalog, input.category_vectors, input.text_encoder));
  return EvaluateTwoTower(tower, input.catalog, input.category_vectors, input.data,
                          {.threads = options.threads, .seed = options.seed}, progress,
                          std::move(stop));
}

// model.json comes last: it is what says that all is there.
Status Save(const Workspace& workspace, const Model& model, const TrainReport& report) {
  const Json json = {{"training", SummaryToJson(report.summary)},
                     {"evaluation", ReportToJson(report.evaluation)}};
  TWOHOP_RETURN_IF_ERROR(
      WriteFileAtomically(workspace.model() / "training_report.json", json.dump(2) + "\n"));
  TWOHOP_RETURN_IF_ERROR(WriteFileAtomically(workspace.model() / "training_report.svg",
                                             TrainingCurvesSvg(report.summary)));
  TWOHOP_RETURN_IF_ERROR(SaveModel(workspace.model(), model));
  std::error_code ignored;
  if (report.summary.is_finished()) std::filesystem::remove(CheckpointFile(workspace), ignored);
  return Ok();
}

std::string DescribeRecall(std::string_view name, const RecallAtCutoffs& recall) {
  return fmt::format("  {:<24} {:5.1f} / {:5.1f} / {:5.1f} %\n", name, 100 * recall[0],
                     100 * recall[1], 100 * recall[2]);
}

}  // namespace

std::filesystem::path CheckpointFile(const Workspace& workspace) {
  return workspace.root() / "checkpoint.bin";
}

Result<std::optional<TrainReport>> TrainWorkspace(const Workspace& workspace,
                                                  const TrainOptions& options, Resume resume,
                                                  const Clock& clock, Progress& progress,
                                                  std::stop_token stop) {
  TWOHOP_RETURN_IF_ERROR(options.Validate());
  TWOHOP_ASSIGN_OR_RETURN(const TrainingSources sources, OpenTrainingSources(workspace));
  const std::string fingerprint = Fingerprint(sources, options);
  const bool goes_on = resume == Resume::kRequired && HasCheckpoint(workspace);
  if (IsTrainedFrom(workspace, fingerprint) && !goes_on) return std::nullopt;
  if (resume == Resume::kRequired && !goes_on) {
    return FailedPrecondition(
        fmt::format("there is no unfinished training to resume: {} is missing",
                    CheckpointFile(workspace).string()));
  }
  TWOHOP_ASSIGN_OR_RETURN(const TrainingData data,
                          ReadTrainingData(workspace, sources, kHeldoutShare,
                                           options.validation_share, progress, stop));
  const TrainingInput input{.catalog = *sources.catalog,
                            .category_vectors = sources.categories.vectors,
                            .text_encoder = sources.categories.encoder,
                            .data = data};
  TWOHOP_ASSIGN_OR_RETURN(TrainedModel trained,
                          TrainOrResume(input, options, resume, workspace, clock, progress, stop));
  trained.model.description.inputs = fingerprint;
  TrainReport report{.summary = trained.summary};
  TWOHOP_ASSIGN_OR_RETURN(report.evaluation,
                          Evaluate(trained.model, input, options, progress, stop));
  TWOHOP_RETURN_IF_ERROR(Save(workspace, trained.model, report));
  return report;
}

std::string DescribeTraining(const TrainReport& report) {
  const TrainSummary& summary = report.summary;
  const EvaluationReport& found = report.evaluation;
  std::string text;
  if (!summary.is_finished()) {
    text += fmt::format("the time limit ended training after {} of {} batches\n", summary.steps,
                        summary.planned_steps);
  }
  text += fmt::format("{} clicks, {} batches", summary.rows, summary.steps);
  if (!summary.epochs.empty()) {
    text += fmt::format(", loss of the last epoch: click {:.3f}, interest {:.3f}",
                        summary.epochs.back().click, summary.epochs.back().interest);
    if (summary.epochs.back().softmax > 0) {
      text += fmt::format(", softmax {:.3f}", summary.epochs.back().softmax);
    }
  }
  text += "\n";
  if (summary.best_epoch > 0) {
    text += fmt::format("{} epochs, the best on validation is number {}, NDCG@10 {:.4f}\n",
                        summary.epochs.size(), summary.best_epoch,
                        summary.epochs[summary.best_epoch - 1].validation.value_or(0));
  }
  text += fmt::format("held-out clicks found among the first {} / {} / {} items ({} clicks):\n",
                      kRecallCutoffs[0], kRecallCutoffs[1], kRecallCutoffs[2], found.rows);
  text += DescribeRecall("under its category", found.conditioned);
  text += DescribeRecall("without a condition", found.plain);
  text += DescribeRecall("popularity", found.popularity);
  text += fmt::format(
      "another interest, same user: {:.1f} % of the first ten in its category ({:.1f} % for the "
      "click's own), {:.1f} % shared\n",
      100 * found.in_other_category, 100 * found.in_true_category,
      100 * found.shared_between_interests);
  text += fmt::format(
      "another user, same interest: {:.1f} % shared; the click ranks above {:.1f} % of its "
      "category ({:.1f} % for the other user)\n",
      100 * found.shared_between_users, 100 * found.rank_in_category,
      100 * found.rank_in_category_of_other_user);
  return text;
}

}  // namespace twohop::app
