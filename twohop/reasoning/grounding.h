// From a name that a language model wrote to a category of the taxonomy.

#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/latent_interest.h"
#include "twohop/llm/embedding_client.h"
#include "twohop/reasoning/category_space.h"

namespace twohop {

struct GroundedCategory {
  CategoryIndex category;
  Grounding grounding = Grounding::kExact;
  float similarity = 1.0F;  // Cosine of name and category; 1 for kExact.

  friend bool operator==(const GroundedCategory&, const GroundedCategory&) = default;
};

struct GroundingOptions {
  // A name that is no category's stands for the nearest one from this cosine on. Calibrated with
  // all-MiniLM-L6-v2 on the demo taxonomy: of each category's terms the last was left out of its
  // text and served as a name whose category is known. Of the 36 % at or above 0.45, 59 % find
  // their category and 81 % its level-1; of those below 0.3 it is 27 % and 49 %. Other embedding
  // models need another value.
  float min_similarity = 0.45F;
};

// The category of each of `names`, in their order; nothing where none is near enough. A name that
// the taxonomy has (Taxonomy::FindByName) is exact; the others are embedded in one call, and
// without any there is no call.
//
// Errors: those of EmbeddingClient::Embed; kFailedPrecondition if its vectors have another
// dimension than the category space.
Result<std::vector<std::optional<GroundedCategory>>> GroundNames(std::span<const std::string> names,
                                                                 const CategorySpace& space,
                                                                 EmbeddingClient& embedder,
                                                                 const GroundingOptions& options,
                                                                 std::stop_token stop);

// The vectors of `texts`, checked: float32 [texts.size(), space.dim()].
//
// Errors: as GroundNames.
Result<Embeddings> EmbedForSpace(std::span<const std::string> texts, const CategorySpace& space,
                                 EmbeddingClient& embedder, std::stop_token stop);

}  // namespace twohop
