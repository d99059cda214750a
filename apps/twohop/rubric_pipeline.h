// Judging recorded interests with a larger language model.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include "apps/common/config.h"
#include "apps/common/workspace.h"

#include "twohop/base/clock.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/distill/rubric_judgement.h"
#include "twohop/domain/taxonomy.h"

namespace twohop::app {

// Which model judges, and how much.
struct RubricFlags {
  std::string url;              // Up to and with "/v1"; empty: no rubric judge.
  std::string model;            // As the server names it.
  std::string api_key_env;      // Name of an environment variable; empty: no key.
  std::size_t limit = 0;        // Interests of each contestant; 0: all.
  bool without_schema = false;  // For servers that refuse response_format.
};

// Asks the model of `flags` about what is in `entries`; as many calls at a time as llm.parallel
// says.
//
// Errors: those of LoadRubricPrompt, Blocklist::Load and JudgeByRubric; kFailedPrecondition if the
// variable with the key is not set.
Result<RubricJudgement> RunRubricJudge(const Workspace& workspace, const Config& config,
                                       const RubricFlags& flags,
                                       std::shared_ptr<const Taxonomy> taxonomy,
                                       std::span<const LabelledUser> users,
                                       std::span<const RubricEntry> entries, std::uint64_t seed,
                                       const Clock& clock, Progress& progress,
                                       std::stop_token stop);

}  // namespace twohop::app
