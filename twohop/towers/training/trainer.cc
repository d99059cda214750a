#include "twohop/towers/training/trainer.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/hash.h"
#include "twohop/towers/training/training_run.h"

namespace twohop {
namespace {

using towers_internal::TrainingRun;

Status CheckInput(const TrainingInput& input, const TrainOptions& options) {
  TWOHOP_RETURN_IF_ERROR(options.Validate());
  const std::size_t categories = input.catalog.taxonomy().size();
  if (input.category_vectors.rows() != categories || input.category_vectors.dim() == 0) {
    return InvalidArgument(fmt::format("{} category vectors for a taxonomy of {} categories",
                                       input.category_vectors.rows(), categories));
  }
  if (!AllFinite(input.category_vectors.data())) {
    return InvalidArgument("category vectors are not finite");
  }
  if (input.data.items() != input.catalog.size()) {
    return InvalidArgument(fmt::format("clicks on a catalogue of {} items, this one has {}",
                                       input.data.items(), input.catalog.size()));
  }
  if (options.patience > 0 && input.data.validation_rows().empty()) {
    return InvalidArgument("patience needs clicks for validation, and none are set aside");
  }
  return Ok();
}

void UseThreads(std::size_t threads) {
  const std::size_t all = std::max(1U, std::thread::hardware_concurrency());
  at::set_num_threads(static_cast<int>(threads == 0 ? all : threads));
}

Status StopHere(const TrainingRun& run, const std::filesystem::path& checkpoint) {
  TWOHOP_RETURN_IF_ERROR(run.SaveCheckpoint(checkpoint));
  return Cancelled(fmt::format("training stopped after {} of {} batches; {} continues it",
                               run.step(), run.planned_steps(), checkpoint.string()));
}

bool IsCheckpointDue(const TrainingRun& run, const TrainOptions& options) {
  return options.checkpoint_every > 0 && run.step() % options.checkpoint_every == 0;
}

// Until all is learned or the time limit is reached.
Status RunSteps(TrainingRun& run, const TrainOptions& options,
                const std::filesystem::path& checkpoint, const Stopwatch& watch,
                ProgressStage& stage, const std::stop_token& stop) {
  while (!run.is_finished()) {
    if (stop.stop_requested()) return StopHere(run, checkpoint);
    TWOHOP_RETURN_IF_ERROR(run.Step());
    stage.Update(run.step());
    stage.Note(fmt::format("epoch {}/{}, loss {:.3f}", (run.step() - 1) / run.steps_per_epoch() + 1,
                           options.epochs, run.last_loss()));
    const bool out_of_time =
        options.time_limit.count() > 0 && watch.elapsed() >= options.time_limit;
    if (out_of_time || IsCheckpointDue(run, options)) {
      TWOHOP_RETURN_IF_ERROR(run.SaveCheckpoint(checkpoint));
    }
    if (out_of_time) break;
  }
  return Ok();
}

Result<TrainedModel> Train(const TrainingInput& input, const TrainOptions& options,
                           const std::filesystem::path& checkpoint, StartFrom start,
                           const Clock& clock, Progress& progress, const std::stop_token& stop) {
  const Stopwatch watch(clock);
  TrainingRun run(input, options);
  if (start == StartFrom::kCheckpoint && std::filesystem::exists(checkpoint)) {
    TWOHOP_RETURN_IF_ERROR(run.LoadCheckpoint(checkpoint));
  }
  const std::size_t resumed_at = run.step();
  const auto stage = progress.Begin("train two-tower", run.planned_steps());
  TWOHOP_RETURN_IF_ERROR(RunSteps(run, options, checkpoint, watch, *stage, stop));
  TrainedModel trained{
      .model = run.ExportModel(),
      .summary = {.rows = input.data.training_rows().size(),
                  .steps = run.step(),
                  .planned_steps = run.planned_steps(),
                  .stopped_early = run.is_finished() && run.step() < run.planned_steps(),
                  .resumed_at = resumed_at,
                  .seconds = watch.elapsed_seconds(),
                  .epochs = run.finished_epochs(),
                  .best_epoch = run.best_epoch(),
                  .curve = run.curve()}};
  trained.model.description.training = SummaryToJson(trained.summary);
  trained.model.description.training["options"] = OptionsToJson(options);
  return trained;
}

}  // namespace

Json SummaryToJson(const TrainSummary& summary) {
  Json epochs = Json::array();
  for (const EpochLoss& epoch : summary.epochs) {
    epochs.push_back({{"click_loss", epoch.click},
                      {"interest_loss", epoch.interest},
                      {"softmax_loss", epoch.softmax}});
    if (epoch.validation.has_value()) epochs.back()["validation_ndcg@10"] = *epoch.validation;
  }
  Json curve = Json::array();
  for (const LossPoint& point : summary.curve) {
    curve.push_back({{"step", point.step}, {"loss", point.loss}});
  }
  return {{"rows", summary.rows},
          {"steps", summary.steps},
          {"planned_steps", summary.planned_steps},
          {"stopped_early", summary.stopped_early},
          {"best_epoch", summary.best_epoch},
          {"resumed_at", summary.resumed_at},
          {"seconds", summary.seconds},
          {"epochs", std::move(epochs)},
          {"curve", std::move(curve)}};
}

Result<TrainedModel> TrainTwoTower(const TrainingInput& input, const TrainOptions& options,
                                   const std::filesystem::path& checkpoint, StartFrom start,
                                   const Clock& clock, Progress& progress, std::stop_token stop) {
  TWOHOP_RETURN_IF_ERROR(CheckInput(input, options));
  try {
    UseThreads(options.threads);
    return Train(input, options, checkpoint, start, clock, progress, stop);
  } catch (const std::exception& error) {  // libtorch reports by throwing.
    return Internal(fmt::format("libtorch: {}", error.what()));
  }
}

}  // namespace twohop
