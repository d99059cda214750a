// The text vectors of a workspace's categories, as `twohop embed` left them.

#pragma once

#include "apps/common/workspace.h"

#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/towers/embedding_file.h"

namespace twohop::app {

// Errors: kFailedPrecondition if the vectors are not there or of another taxonomy, saying which
// command makes them; those of LoadEmbeddingFile otherwise.
Result<EmbeddingFile> LoadCategoryEmbeddings(const Workspace& workspace, const Taxonomy& taxonomy);

}  // namespace twohop::app
