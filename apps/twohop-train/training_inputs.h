// What the trainer learns from, read from a workspace.

#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>

#include "apps/common/workspace.h"

#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"
#include "twohop/eventlog/event_log.h"
#include "twohop/towers/embedding_file.h"
#include "twohop/towers/training/training_data.h"

namespace twohop::app {

// All but the events and profiles, which take longest to read: enough to tell whether there is
// anything to learn.
struct TrainingSources {
  std::shared_ptr<const Catalog> catalog;
  EmbeddingFile categories;
  std::unique_ptr<const EventLog> log;

  // Changes whenever the catalogue, a text vector or the end of the log change. A profile that is
  // imported without events does not count.
  std::uint64_t fingerprint() const;
};

// Errors: kFailedPrecondition if `twohop import` or `twohop embed` has not run, or ran on another
// taxonomy; those of the stores.
Result<TrainingSources> OpenTrainingSources(const Workspace& workspace);

// Clicks and exposures of items of the catalogue, and their users' profiles.
//
// Errors: kFailedPrecondition if there are no clicks to learn from; those of the stores;
// kCancelled.
Result<TrainingData> ReadTrainingData(const Workspace& workspace, const TrainingSources& sources,
                                      double heldout_share, double validation_share,
                                      Progress& progress, std::stop_token stop);

}  // namespace twohop::app
