// What the trainer learns from, read from a workspace.

#pragma once

#include <memory>
#include <stop_token>

#include "apps/common/workspace.h"

#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"
#include "twohop/towers/embedding_file.h"
#include "twohop/towers/training/training_data.h"

namespace twohop::app {

struct TrainingInputs {
  std::shared_ptr<const Catalog> catalog;
  EmbeddingFile categories;
  TrainingData data;
};

// Errors: kFailedPrecondition if `twohop import` or `twohop embed` has not run, or there are no
// clicks; those of the stores; kCancelled.
Result<TrainingInputs> ReadTrainingInputs(const Workspace& workspace, double heldout_share,
                                          Progress& progress, std::stop_token stop);

}  // namespace twohop::app
