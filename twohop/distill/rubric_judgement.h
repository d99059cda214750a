// What contestants are worth to a rubric judge, and how far it agrees with the labels.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/distill/cohens_kappa.h"
#include "twohop/distill/judge.h"
#include "twohop/distill/rubric_judge.h"
#include "twohop/experiment/bootstrap.h"

namespace twohop {

struct RubricEntry {
  std::string contestant;
  std::vector<JudgedAnswer> answers;  // answers[i] to users[i].
};

// Shares are in [0, 1]; intervals are bootstrapped over users.
struct RubricRow {
  std::string contestant;
  std::size_t interests = 0;  // That the judge was to score.
  std::array<Interval, kScoreCount>
      of_interests{};     // Share with this score among those with a verdict, by Score.
  double unusable = 0.0;  // Share of interests without a verdict.
};

// One question and what was said about it.
struct JudgedPair {
  std::size_t user = 0;  // Position among the labelled users.
  CategoryIndex category;
  std::string demand;  // As the contestant gave it; may be empty.
  Score label = Score::k0;
  std::optional<Score> score;  // Nothing: no verdict.
  std::string reason;
};

struct RubricJudgement {
  std::string model;
  std::string prompt_version;
  std::vector<RubricRow> rows;
  std::vector<JudgedPair> pairs;  // Every question once, in the order of contestants and users.
  std::size_t unusable = 0;       // Pairs without a verdict.
  ScoreAgreement agreement{};     // Label, then verdict, over pairs with one.
  std::optional<double> kappa;    // Of `agreement`; nothing if there is no verdict.
  std::optional<double> weighted_kappa;  // Quadratic weights.
  TokenUsage usage;
};

struct RubricRunOptions {
  std::size_t max_interests = 0;  // Of each contestant, the first ones by users; 0: all.
  std::size_t concurrency = 4;    // Calls at a time; at least 1.
  std::uint64_t seed = 1;         // Of the intervals.
};

// Asks `judge` about the interests of each entry. The same user, category and demand are asked
// about once, whoever proposed them. Blocks for as many calls as there are different questions, or
// up to twice as many. The same verdicts and seed give the same result.
//
// Errors: those of RubricJudge::Ask, with user and category in front; kCancelled after a stop;
// kInvalidArgument if there are no users. REQUIRES: every entry answers every user.
Result<RubricJudgement> JudgeByRubric(std::span<const LabelledUser> users,
                                      std::span<const RubricEntry> entries,
                                      const RubricJudge& judge, ChatClient& chat,
                                      const RubricRunOptions& options, Progress& progress,
                                      std::stop_token stop);

}  // namespace twohop
