// Trying what reasoning must withstand.

#pragma once

#include <cstddef>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "apps/common/config.h"
#include "apps/common/workspace.h"
#include "apps/twohop/model_access.h"

#include "twohop/base/clock.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/safety/attack_trial.h"
#include "twohop/safety/guard_figures.h"

namespace twohop::app {

struct AttackRun {
  std::filesystem::path attacks;
  std::vector<std::string> harmless_searches;  // That the attacked user makes too.
  std::size_t limit = 0;                       // Of each kind, the first attacks; 0: all.
};

// Tries the attacks on reasoning as configured, in `workspace`. Nothing is stored.
//
// Errors: those of ReadAttacks, MakeReasoning and TryAttacks; kInvalidArgument if a harmless search
// is empty.
Result<std::vector<AttackResult>> RunAttacks(const Workspace& workspace, const Config& config,
                                             const AttackRun& run, ModelAccess& models,
                                             const Clock& clock, Progress& progress,
                                             std::stop_token stop);

// Measures both guards on the names and search terms of the workspace's taxonomy, the demands of
// its edges and their searches, all taken for harmless, and on the phrases in `phrases`.
//
// Errors: those of ReadSensitivePhrases, LoadWorkspaceCatalog, LoadPromptSet and
// EmbeddingClient::Embed.
Result<std::vector<GuardRow>> RunGuardFigures(const Workspace& workspace, const Config& config,
                                              const std::filesystem::path& phrases,
                                              ModelAccess& models, const Clock& clock,
                                              std::stop_token stop);

}  // namespace twohop::app
