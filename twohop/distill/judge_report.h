// Judgements as a table for people and as JSON for programs.

#pragma once

#include <span>
#include <string>

#include "twohop/base/json.h"
#include "twohop/distill/judge.h"
#include "twohop/distill/rubric_judgement.h"

namespace twohop {

// A Markdown table with a row per judgement, in their order, shares in percent.
std::string JudgementsToMarkdown(std::span<const Judgement> judgements);

// A list with an object per judgement; shares in [0, 1], an interval as [estimate, low, high].
Json JudgementsToJson(std::span<const Judgement> judgements);

// A Markdown table with a row per contestant, in their order, shares in percent; below it who
// judged and how far that agrees with the labels.
std::string RubricToMarkdown(const RubricJudgement& judgement);

// An object with the rows, the agreement, the tokens, and every pair that was judged.
// `users` and `taxonomy` are those that were judged by.
Json RubricToJson(const RubricJudgement& judgement, std::span<const LabelledUser> users,
                  const Taxonomy& taxonomy);

}  // namespace twohop
