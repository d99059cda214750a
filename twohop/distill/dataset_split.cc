#include "twohop/distill/dataset_split.h"

#include <array>
#include <string>
#include <unordered_set>
#include <utility>

#include "twohop/base/hash.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

constexpr std::array<std::string_view, kDatasetSideCount> kNames{"training", "validation"};

DatasetSide SideOf(std::string_view origin, const SplitOptions& options) {
  const std::uint64_t hash = Hash64(origin, options.seed);
  const double uniform = static_cast<double>(hash >> 11U) * 0x1.0p-53;  // In [0, 1).
  return uniform < options.validation_share ? DatasetSide::kValidation : DatasetSide::kTraining;
}

std::string QuestionKey(const TrainingRow& row) {
  return std::string(TrainingTaskName(row.task)) + " " + row.subject;
}

}  // namespace

std::string_view DatasetSideName(DatasetSide side) {
  return kNames[static_cast<std::size_t>(side)];
}

Status SplitOptions::Validate() const {
  if (validation_share >= 0 && validation_share < 1) return Ok();
  return InvalidArgument("validation_share must be at least 0 and below 1");
}

DatasetSide SideOfUser(const UserId& user, const SplitOptions& options) {
  return SideOf("user " + user.value(), options);
}

DatasetSide SideOfDemand(std::string_view demand, const SplitOptions& options) {
  return SideOf("demand " + NormalizeName(demand), options);
}

SplitSources SplitTrainingSources(TrainingSources sources, const SplitOptions& options) {
  SplitSources split;
  const auto side = [&](DatasetSide which) -> TrainingSources& {
    return which == DatasetSide::kTraining ? split.training : split.validation;
  };
  for (Trace& trace : sources.traces) {
    side(SideOfUser(trace.user.profile.id, options)).traces.push_back(std::move(trace));
  }
  for (DemandEdges& edges : sources.edges) {
    side(SideOfDemand(edges.demand, options)).edges.push_back(std::move(edges));
  }
  return split;
}

std::size_t RemoveSharedQuestions(std::span<const TrainingRow> training,
                                  std::vector<TrainingRow>& validation) {
  std::unordered_set<std::string> asked;
  for (const TrainingRow& row : training) asked.insert(QuestionKey(row));
  return std::erase_if(validation, [&](const TrainingRow& row) {
    return row.task != TrainingTask::kTwoHop && asked.contains(QuestionKey(row));
  });
}

}  // namespace twohop
