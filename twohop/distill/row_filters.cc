#include "twohop/distill/row_filters.h"

#include <cmath>
#include <string>
#include <utility>

#include "twohop/base/check.h"
#include "twohop/base/hash.h"
#include "twohop/distill/personal_data.h"

namespace twohop {
namespace {

constexpr std::array<std::string_view, kRowRejectionCount> kNames{
    "personal_data", "blocked", "near_duplicate", "shared_question"};

}  // namespace

std::string_view RowRejectionName(RowRejection rejection) {
  return kNames[static_cast<std::size_t>(rejection)];
}

Status RowFilterOptions::Validate() const {
  if (near_duplicate > 0 && near_duplicate <= 1) return Ok();
  return InvalidArgument("near_duplicate must be above 0 and at most 1");
}

std::optional<RowRejection> FindUnfit(std::string_view text, const Blocklist& blocklist) {
  if (FindPersonalData(text)) return RowRejection::kPersonalData;
  if (blocklist.Blocks(text)) return RowRejection::kBlocked;
  return std::nullopt;
}

RowFilter::RowFilter(const Blocklist& blocklist, const RowFilterOptions& options)
    : blocklist_(blocklist), seen_(kTrainingTaskCount, NearDuplicates(options.near_duplicate)) {
  TWOHOP_DCHECK(options.Validate().has_value());
}

std::vector<TrainingRow> RowFilter::Keep(std::vector<TrainingRow> rows) {
  std::vector<TrainingRow> kept;
  for (TrainingRow& row : rows) {
    if (const auto rejection = Judge(row)) {
      ++rejected_[static_cast<std::size_t>(*rejection)];
    } else {
      kept.push_back(std::move(row));
    }
  }
  return kept;
}

std::optional<RowRejection> RowFilter::Judge(const TrainingRow& row) {
  const std::string text = row.question() + "\n" + row.reply();
  if (const auto unfit = FindUnfit(text, blocklist_)) return unfit;
  NearDuplicates& seen = seen_[static_cast<std::size_t>(row.task)];
  if (!seen.AddUnlessNear(text, Hash64(row.subject))) return RowRejection::kNearDuplicate;
  return std::nullopt;
}

}  // namespace twohop
