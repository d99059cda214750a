// What must not be learnt from, and what need not be learnt twice.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/distill/near_duplicates.h"
#include "twohop/distill/training_rows.h"
#include "twohop/reasoning/blocklist.h"

namespace twohop {

// Why a row was left out, in the order in which the filters run.
enum class RowRejection : std::uint8_t {
  kPersonalData,    // FindPersonalData finds some.
  kBlocked,         // The blocklist of reasoning matches.
  kNearDuplicate,   // An earlier row of the task is nearly the same.
  kSharedQuestion,  // A validation row whose question training asks too; see dataset_split.h.
};
inline constexpr std::size_t kRowRejectionCount = 4;

std::string_view RowRejectionName(RowRejection rejection);  // "near_duplicate"

using RowRejectionCounts = std::array<std::size_t, kRowRejectionCount>;  // By RowRejection.

struct RowFilterOptions {
  // Jaccard similarity of word 3-grams of question and reply, from which on two rows of one task
  // are duplicates; in (0, 1]. Rows that ask the same question, as those that differ in the order
  // of a hop 2 list on purpose, are duplicates only if they are equal.
  double near_duplicate = 0.9;

  // Errors: kInvalidArgument, naming the field.
  Status Validate() const;
};

// Why a text must not be learnt: kPersonalData, kBlocked or nothing.
std::optional<RowRejection> FindUnfit(std::string_view text, const Blocklist& blocklist);

// Looks at the question and the reply of each row, not at what every prompt says alike.
//
// Not thread-safe. The blocklist must outlive the filter.
class RowFilter {
 public:
  // REQUIRES: options.Validate() is OK.
  RowFilter(const Blocklist& blocklist, const RowFilterOptions& options);

  // The rows that stand, in their order. They are compared with those of earlier calls too: what
  // training holds is no validation, so ask for the training rows first.
  std::vector<TrainingRow> Keep(std::vector<TrainingRow> rows);

  const RowRejectionCounts& rejected() const { return rejected_; }

 private:
  std::optional<RowRejection> Judge(const TrainingRow& row);

  const Blocklist& blocklist_;
  std::vector<NearDuplicates> seen_;  // By TrainingTask.
  RowRejectionCounts rejected_{};
};

}  // namespace twohop
