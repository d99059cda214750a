// From a workspace to its model.

#pragma once

#include <stop_token>

#include "apps/common/workspace.h"

#include "twohop/base/clock.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/towers/training/train_options.h"

namespace twohop::app {

// Trains on all but the last tenth of the clicks, tells how well the model finds those, and writes
// Workspace::model(); does nothing if a model of the same inputs and options is there. An
// interrupted run goes on from its checkpoint.
//
// Errors: those of ReadTrainingInputs and TrainTwoTower; kCancelled after a checkpoint was written.
Status TrainWorkspace(const Workspace& workspace, const TrainOptions& options, const Clock& clock,
                      Progress& progress, std::stop_token stop);

}  // namespace twohop::app
