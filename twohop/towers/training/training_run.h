// The state of one training run, from its start or its checkpoint to its model. Internal to
// training.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/base/rng.h"
#include "twohop/towers/training/batch_sampler.h"
#include "twohop/towers/training/optimizer.h"
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
  double last_loss() const { return last_loss_; }

  // Errors: kFailedPrecondition if the loss is not a number any more.
  Status Step();

  // Errors: those of SaveTensorFile.
  Status SaveCheckpoint(const std::filesystem::path& path) const;

  // Errors: those of LoadTensorFile; kFailedPrecondition if it belongs to another run.
  Status LoadCheckpoint(const std::filesystem::path& path);

  Model ExportModel() const;

 private:
  // One fingerprint for all that a checkpoint depends on.
  std::string Identity() const;
  void ShuffleForEpoch(std::size_t epoch);
  Status RestoreProgress(const TensorFile& file);
  Status RestoreTensors(const TensorFile& file);
  void FinishEpochIfDue();

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
  EpochLoss running_;  // Sums over the current epoch's batches.
  std::vector<EpochLoss> epochs_;
  double last_loss_ = 0;
};

}  // namespace twohop::towers_internal
