// The state of one training run, from its start or its checkpoint to its model. Internal to
// training.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/base/rng.h"
#include "twohop/towers/training/batch_sampler.h"
#include "twohop/towers/training/optimizer.h"
#include "twohop/towers/training/ranking.h"
#include "twohop/towers/training/streaming_frequencies.h"
#include "twohop/towers/training/trainer.h"
#include "twohop/towers/training/two_tower_net.h"

namespace twohop::towers_internal {

// What a model for this input looks like, before it is trained.
ModelDescription DescribeModel(const TrainingInput& input, const TrainOptions& options);

// A step is one batch. What a step does depends on the seed and its number alone, never on the
// steps before it: so a run that continues from a checkpoint is the same run.
//
// Not thread-safe. The arguments must outlive the run.
class TrainingRun {
 public:
  TrainingRun(const TrainingInput& input, const TrainOptions& options);

  std::size_t step() const { return step_; }
  std::size_t steps_per_epoch() const;
  std::size_t planned_steps() const { return steps_per_epoch() * options_.epochs; }
  const std::vector<EpochLoss>& finished_epochs() const { return epochs_; }
  const std::vector<LossPoint>& curve() const { return curve_; }
  double last_loss() const { return last_loss_; }
  // All planned steps are done, or the patience is at an end.
  bool is_finished() const;
  // Of the weights that ExportModel gives, from 1; 0 for the last step's.
  std::size_t best_epoch() const;

  // The last step of an epoch also validates.
  //
  // Errors: kFailedPrecondition if the loss is not a number any more.
  Status Step();

  // Errors: those of SaveTensorFile.
  Status SaveCheckpoint(const std::filesystem::path& path) const;

  // Errors: those of LoadTensorFile; kFailedPrecondition if it belongs to another run.
  Status LoadCheckpoint(const std::filesystem::path& path);

  // With patience the best weights so far, else the last ones.
  Model ExportModel() const;

 private:
  // One fingerprint for all that a checkpoint depends on.
  std::string Identity() const;
  void ShuffleForEpoch(std::size_t epoch);
  Status RestoreProgress(const TensorFile& file);
  Status RestoreTensors(const TensorFile& file);
  void ApplyLogQ(Batch& batch);
  void Record(const Loss& loss);
  Status FinishEpochIfDue();
  Result<double> Validate() const;
  Result<double> ValidationNdcg(const TwoTower& tower, UserView view) const;
  Json ProgressToJson() const;
  std::map<std::string, torch::Tensor> AllTensors() const;

  const TrainingInput& input_;
  const TrainOptions& options_;
  Rng rng_;
  ModelDescription description_;
  CatalogFeatures features_;
  BatchSampler sampler_;
  TwoTowerNet net_;
  Optimizer optimizer_;

  std::vector<TrainingRow> order_;  // Of epoch ordered_epoch_.
  std::size_t ordered_epoch_ = static_cast<std::size_t>(-1);
  std::size_t step_ = 0;
  StreamingFrequencies frequencies_;  // Of positives; used if options_.log_q says so.
  std::vector<TrainingRow> validation_rows_;
  EpochLoss running_;     // Sums over the current epoch's batches.
  double curve_sum_ = 0;  // Over the batches since the last point.
  std::vector<LossPoint> curve_;
  std::map<std::string, torch::Tensor> best_weights_;  // Kept up to date with patience alone.
  std::vector<EpochLoss> epochs_;
  double last_loss_ = 0;
};

}  // namespace twohop::towers_internal
