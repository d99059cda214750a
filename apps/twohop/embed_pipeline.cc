#include "apps/twohop/embed_pipeline.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "twohop/towers/embedding_file.h"

namespace twohop::app {
namespace {

// Between two of them progress is shown and a stop is noticed.
constexpr std::size_t kTextsPerCall = 128;

std::vector<std::string> CategoryTexts(const Taxonomy& taxonomy) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < taxonomy.size(); ++i) {
    texts.push_back(taxonomy.embedding_text(CategoryIndex(static_cast<std::uint32_t>(i))));
  }
  return texts;
}

}  // namespace

Result<Embeddings> EmbedTexts(std::string_view label, std::span<const std::string> texts,
                              EmbeddingClient& client, Progress& progress,
                              const std::stop_token& stop) {
  const auto stage = progress.Begin(label, texts.size());
  Embeddings all;
  for (std::size_t at = 0; at < texts.size(); at += kTextsPerCall) {
    const auto part = texts.subspan(at, std::min(kTextsPerCall, texts.size() - at));
    TWOHOP_ASSIGN_OR_RETURN(const Embeddings vectors, client.Embed(part, stop));
    for (std::size_t row = 0; row < vectors.rows(); ++row) all.Append(vectors.row(row));
    stage->Update(all.rows());
  }
  return all;
}

Result<bool> EmbedCategories(const Workspace& workspace, const Taxonomy& taxonomy,
                             ModelAccess& models, Progress& progress, std::stop_token stop) {
  const auto stored = LoadEmbeddingFile(workspace.category_embeddings());
  if (stored.has_value() && stored->source == taxonomy.fingerprint() &&
      stored->encoder == models.embedding_model()) {
    return false;
  }
  TWOHOP_ASSIGN_OR_RETURN(EmbeddingClient* const client, models.Embedding(stop));
  TWOHOP_ASSIGN_OR_RETURN(
      Embeddings vectors,
      EmbedTexts("embed categories", CategoryTexts(taxonomy), *client, progress, stop));
  TWOHOP_RETURN_IF_ERROR(
      SaveEmbeddingFile(workspace.category_embeddings(), {.vectors = std::move(vectors),
                                                          .encoder = models.embedding_model(),
                                                          .source = taxonomy.fingerprint()}));
  return true;
}

}  // namespace twohop::app
