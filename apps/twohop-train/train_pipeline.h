// From a workspace to its model.

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>

#include "apps/common/workspace.h"

#include "twohop/base/clock.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/towers/training/evaluation.h"
#include "twohop/towers/training/train_options.h"
#include "twohop/towers/training/trainer.h"

namespace twohop::app {

enum class Resume : std::uint8_t {
  kIfPossible,  // A checkpoint that cannot be used is replaced.
  kRequired,    // It is an error if there is no checkpoint, or it cannot be used.
};

struct TrainReport {
  TrainSummary summary;
  EvaluationReport evaluation;
};

// Of an unfinished run.
std::filesystem::path CheckpointFile(const Workspace& workspace);

// Trains on all but the last tenth of the clicks, tells how well the model finds those, and writes
// Workspace::model(): the model, training_report.json and its curves as
// training_report.svg. Returns nothing, at once, if a model of
// the same inputs and options is there, unless Resume::kRequired asks to go on with it where the
// time limit ended it. An interrupted run goes on from its checkpoint.
//
// Errors: those of OpenTrainingSources, ReadTrainingData and TrainTwoTower; kFailedPrecondition if
// there is nothing to resume and that is required; kCancelled after a checkpoint was written.
Result<std::optional<TrainReport>> TrainWorkspace(const Workspace& workspace,
                                                  const TrainOptions& options, Resume resume,
                                                  const Clock& clock, Progress& progress,
                                                  std::stop_token stop);

// A few lines for a person.
std::string DescribeTraining(const TrainReport& report);

}  // namespace twohop::app
