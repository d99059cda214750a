// What one way to deliberate changes against another, on the same users.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/distill/judge.h"
#include "twohop/distill/labels.h"
#include "twohop/experiment/bootstrap.h"

namespace twohop {

// Mean over users of the Jaccard index of the categories in two runs: 1 where nothing differs. Two
// empty answers agree.
//
// REQUIRES: equal sizes, at least one user.
double StabilityOf(std::span<const JudgedAnswer> a, std::span<const JudgedAnswer> b);

// How answers differ from those that they are compared with.
struct AnswerChange {
  double changed = 0.0;  // Share of users with other categories.
  double better = 0.0;   // Of these users, those whose mean score is higher ...
  double worse = 0.0;    // ... and lower. The others changed for nothing.
  Interval gain;         // Mean over users of the difference of mean scores, in [-2, 2].

  friend bool operator==(const AnswerChange&, const AnswerChange&) = default;
};

// The mean score of an empty answer is 0. The same seed gives the same interval.
//
// Errors: kInvalidArgument if there are no users. REQUIRES: equal sizes.
Result<AnswerChange> ChangeOf(std::span<const LabelledUser> users,
                              std::span<const JudgedAnswer> before,
                              std::span<const JudgedAnswer> after, std::uint64_t seed);

// A row of the report: a way to deliberate, judged, run twice, compared with the first row's.
struct ComparedDeliberation {
  Judgement judgement;     // Of the first run.
  double stability = 1.0;  // Between the two runs, which differ in their seeds.
  AnswerChange change;
};

// A Markdown table with a row per deliberation, shares in percent.
std::string ComparisonToMarkdown(std::span<const ComparedDeliberation> rows);

// A list with an object per row; shares in [0, 1].
Json ComparisonToJson(std::span<const ComparedDeliberation> rows);

}  // namespace twohop
