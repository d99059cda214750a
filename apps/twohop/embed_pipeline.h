// The text vectors of a taxonomy.

#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "apps/common/workspace.h"
#include "apps/twohop/model_access.h"

#include "twohop/base/embeddings.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"

namespace twohop::app {

// The vectors of `texts`, in their order, with progress under `label`.
//
// Errors: those of EmbeddingClient::Embed.
Result<Embeddings> EmbedTexts(std::string_view label, std::span<const std::string> texts,
                              EmbeddingClient& client, Progress& progress,
                              const std::stop_token& stop);

// Embeds the text of every category with the configured model and stores the vectors; does nothing
// if those of this taxonomy and model are there. Returns whether it embedded.
//
// Errors: those of ModelAccess::embedding, EmbeddingClient::Embed and SaveEmbeddingFile.
Result<bool> EmbedCategories(const Workspace& workspace, const Taxonomy& taxonomy,
                             ModelAccess& models, Progress& progress, std::stop_token stop);

}  // namespace twohop::app
