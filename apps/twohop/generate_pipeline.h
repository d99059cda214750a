// The demo community as files.

#pragma once

#include <optional>

#include "apps/common/workspace.h"
#include "apps/twohop/import_pipeline.h"

#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/simulate/community_generator.h"

namespace twohop::app {

// Writes Workspace::community() and community_truth(), unless they are there from the same options
// (whatever their `end`, so that a demo may be run again tomorrow). Returns what was generated, or
// nothing if it was there.
//
// Errors: those of LoadBlueprint, OpenCommunityFolder and GenerateCommunity.
Result<std::optional<CommunitySummary>> GenerateCommunityFiles(const Workspace& workspace,
                                                               const CommunityOptions& options,
                                                               Progress& progress);

// The files that it wrote, for import.
ImportFiles CommunityFiles(const Workspace& workspace);

}  // namespace twohop::app
