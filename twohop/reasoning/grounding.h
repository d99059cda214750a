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
  // all-MiniLM-L6-v2 on the demo taxonomy, whose search terms serve as names with a known category:
  // of those at or above 0.5 (45 % of all) 78 % find their category and 89 % its level-1; of those
  // between 0.4 and 0.5 it is 58 % and 76 %, below 0.3 25 % and 37 %. Other embedding models need
  // another value.
  float min_similarity = 0.5F;
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
