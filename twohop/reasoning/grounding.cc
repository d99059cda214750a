#include "twohop/reasoning/grounding.h"

#include <utility>

#include <fmt/format.h>

namespace twohop {

Result<Embeddings> EmbedForSpace(std::span<const std::string> texts, const CategorySpace& space,
                                 EmbeddingClient& embedder, std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(Embeddings rows, embedder.Embed(texts, std::move(stop)));
  if (rows.rows() != texts.size() || (!texts.empty() && rows.dim() != space.dim())) {
    return FailedPrecondition(
        fmt::format("embedding model \"{}\" gives [{}, {}] vectors, but the categories' have "
                    "dimension {}: embed "
                    "the categories with the same model",
                    embedder.model(), rows.rows(), rows.dim(), space.dim()));
  }
  return rows;
}

Result<std::vector<std::optional<GroundedCategory>>> GroundNames(std::span<const std::string> names,
                                                                 const CategorySpace& space,
                                                                 EmbeddingClient& embedder,
                                                                 const GroundingOptions& options,
                                                                 std::stop_token stop) {
  std::vector<std::optional<GroundedCategory>> grounded(names.size());
  std::vector<std::string> unknown;
  std::vector<std::size_t> unknown_at;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (const auto category = space.taxonomy().FindByName(names[i])) {
      grounded[i] = {.category = *category};
    } else {
      unknown.push_back(names[i]);
      unknown_at.push_back(i);
    }
  }
  if (unknown.empty()) return grounded;
  TWOHOP_ASSIGN_OR_RETURN(const Embeddings rows,
                          EmbedForSpace(unknown, space, embedder, std::move(stop)));
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    const ScoredCategory nearest = space.NearestCategories(rows.row(i), 1).front();
    if (nearest.similarity < options.min_similarity) continue;
    grounded[unknown_at[i]] = {.category = nearest.category,
                               .grounding = Grounding::kNearest,
                               .similarity = nearest.similarity};
  }
  return grounded;
}

}  // namespace twohop
