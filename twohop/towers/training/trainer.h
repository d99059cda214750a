// Training of the dual tower, on the CPU.

#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/embeddings.h"
#include "twohop/base/json.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"
#include "twohop/towers/model_file.h"
#include "twohop/towers/training/train_options.h"
#include "twohop/towers/training/training_data.h"

namespace twohop {

// What is learned from. All of it must outlive the training.
struct TrainingInput {
  const Catalog& catalog;
  EmbeddingsView category_vectors;  // float32 [C, T], rows of L2 norm 1.
  std::string text_encoder;         // That made them.
  const TrainingData& data;
};

enum class StartFrom : std::uint8_t {
  kScratch,     // A checkpoint that is there is replaced.
  kCheckpoint,  // Continues if there is a checkpoint, else starts from scratch.
};

struct EpochLoss {
  double click = 0;     // BCE, mean over the epoch's batches.
  double interest = 0;  // InfoNCE, likewise.
  double softmax = 0;   // Over items, likewise.
  // NDCG@10 of the validation rows after the epoch, in [0, 1], if there are any. Of the users
  // without a condition and under the clicked items' own categories, in the shares of training.
  std::optional<double> validation;
};

struct LossPoint {
  std::size_t step = 0;  // Batches done.
  double loss = 0;       // What is minimised, mean over the batches since the point before.
};

struct TrainSummary {
  std::size_t rows = 0;           // Training rows.
  std::size_t steps = 0;          // Batches done, those before a resume included ...
  std::size_t planned_steps = 0;  // ... of how many; fewer if the time limit was reached ...
  bool stopped_early = false;     // ... or the validation got no better.
  std::size_t resumed_at = 0;     // The step at which this run began.
  double seconds = 0;             // Of this run.
  std::vector<EpochLoss> epochs;  // Of finished epochs.
  std::size_t best_epoch = 0;     // Whose weights the model has, from 1; 0: the last step's.
  std::vector<LossPoint> curve;   // About 20 an epoch.

  bool is_finished() const { return stopped_early || steps == planned_steps; }
};

Json SummaryToJson(const TrainSummary& summary);

struct TrainedModel {
  Model model;
  TrainSummary summary;
};

// Learns L = BCE(click) + λ InfoNCE(interest) + μ softmax(items), weighted as the options say; the
// condition of a row being the text vector of its
// clicked item's own category. Blocks; uses options.threads threads and, beside the weights, memory
// for one batch. `checkpoint` is the file that holds the state of an unfinished run; it is left in
// place, for the caller to remove once the model is saved.
//
// Equal inputs, options and threads give equal weights on the same machine, whether the run was
// interrupted and resumed or not.
//
// Errors: kInvalidArgument if an option is out of range, the vectors do not fit the taxonomy, or
// there is patience without validation rows;
// kFailedPrecondition if the checkpoint to resume was made with other inputs or options, or the
// loss stops being a number; kDataLoss if it is damaged; kUnimplemented if a newer version wrote
// it; kCancelled if a stop is requested, after a checkpoint was written; those of
// WriteFileAtomically; kInternal if libtorch fails.
Result<TrainedModel> TrainTwoTower(const TrainingInput& input, const TrainOptions& options,
                                   const std::filesystem::path& checkpoint, StartFrom start,
                                   const Clock& clock, Progress& progress, std::stop_token stop);

}  // namespace twohop
