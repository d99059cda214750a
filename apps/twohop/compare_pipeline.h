// Single pass, self-consistency and debate side by side on labelled users.

#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <vector>

#include "apps/common/config.h"
#include "apps/common/workspace.h"
#include "apps/twohop/model_access.h"

#include "twohop/base/clock.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/distill/comparison.h"

namespace twohop::app {

struct CompareRun {
  std::filesystem::path labels;
  std::size_t limit = 0;   // Labelled users; 0: all.
  std::uint64_t seed = 1;  // Of the intervals.
};

// Judges, each twice with different seeds of the models: the configured strategy alone; each other
// strategy of the debate's agents alone; self-consistency of those among them that ask a language
// model; the debate. Changes are those against the first row.
//
// Errors: those of ReadLabels, MakeReasoning and CollectAnswers.
Result<std::vector<ComparedDeliberation>> CompareDeliberations(
    const Workspace& workspace, const Config& config, const CompareRun& run, ModelAccess& models,
    const Clock& clock, Progress& progress, std::stop_token stop);

}  // namespace twohop::app
