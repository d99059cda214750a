// Judgements as a table for people and as JSON for programs.

#pragma once

#include <span>
#include <string>

#include "twohop/base/json.h"
#include "twohop/distill/judge.h"

namespace twohop {

// A Markdown table with a row per judgement, in their order, shares in percent.
std::string JudgementsToMarkdown(std::span<const Judgement> judgements);

// A list with an object per judgement; shares in [0, 1], an interval as [estimate, low, high].
Json JudgementsToJson(std::span<const Judgement> judgements);

}  // namespace twohop
