// Judging strategies and recorded answers side by side.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "apps/common/config.h"
#include "apps/common/workspace.h"
#include "apps/twohop/model_access.h"

#include "twohop/base/clock.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/distill/judge.h"
#include "twohop/distill/rubric_judgement.h"
#include "twohop/domain/taxonomy.h"

namespace twohop::app {

struct JudgeRun {
  std::filesystem::path labels;
  // Names of TwoHopStrategy; behind a colon, what help the model does without, separated by commas:
  // "base" (no adapter), "zero_shot" (no examples), "free" (no schema).
  std::vector<std::string> strategies;
  std::vector<std::filesystem::path> answers;  // Recorded, in the form of traces.
  std::filesystem::path traces;                // What "popular" is counted in; empty: no such row.
  std::size_t limit = 0;                       // Labelled users; 0: all.
  std::uint64_t seed = 1;
};

// What was judged, and by what.
struct JudgedRun {
  std::shared_ptr<const Taxonomy> taxonomy;
  std::vector<LabelledUser> users;
  std::vector<RubricEntry> entries;   // The contestants' answers ...
  std::vector<Judgement> judgements;  // ... and what they are worth by the labels.
};

// Judges random, popular, each strategy and each recorded file, in this order. Strategies reason
// with what `workspace` holds and are asked one user after the other.
//
// Errors: those of ReadLabels, ReadTraces and MakeReasoning; kInvalidArgument for an unknown
// strategy or a recorded file with a bad line.
Result<JudgedRun> JudgeAll(const Workspace& workspace, const Config& config, const JudgeRun& run,
                           ModelAccess& models, const Clock& clock, Progress& progress,
                           std::stop_token stop);

}  // namespace twohop::app
