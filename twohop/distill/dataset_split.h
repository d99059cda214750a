// Which data a model learns from, and which it is only watched with.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/distill/training_rows.h"
#include "twohop/domain/ids.h"

namespace twohop {

enum class DatasetSide : std::uint8_t { kTraining, kValidation };
inline constexpr std::size_t kDatasetSideCount = 2;

std::string_view DatasetSideName(DatasetSide side);  // "training"

struct SplitOptions {
  double validation_share = 0.05;  // Of users and of demands, on average; in [0, 1).
  std::uint64_t seed = 1;

  // Errors: kInvalidArgument, naming the field.
  Status Validate() const;
};

// By the hash of the id, or of the demand in the form of NormalizeName, and the seed: the same
// whatever else there is, so adding data moves nobody to the other side.
DatasetSide SideOfUser(const UserId& user, const SplitOptions& options);
DatasetSide SideOfDemand(std::string_view demand, const SplitOptions& options);

struct SplitSources {
  TrainingSources training;
  TrainingSources validation;
};

// Splits what rows are made from, before any is made: traces by their user, edges by their demand.
// A row of one side thus holds nothing that a source of the other side says. Order is kept.
SplitSources SplitTrainingSources(TrainingSources sources, const SplitOptions& options);

// Removes the hop 1 and hop 2 rows of `validation` whose search or demand (TrainingRow::subject) is
// asked about in `training` too, so that a search that occurs on both sides is in training only;
// returns how many. A user of the validation side keeps the row of both hops: who it asks about is
// on one side, though single searches of it may be known.
//
// Popular searches have many demands, some of which are always on the training side: what is left
// of hop 1 for validation is small and made of rare searches.
std::size_t RemoveSharedQuestions(std::span<const TrainingRow> training,
                                  std::vector<TrainingRow>& validation);

}  // namespace twohop
