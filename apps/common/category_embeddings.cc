#include "apps/common/category_embeddings.h"

namespace twohop::app {

Result<EmbeddingFile> LoadCategoryEmbeddings(const Workspace& workspace, const Taxonomy& taxonomy) {
  auto stored = LoadEmbeddingFile(workspace.category_embeddings());
  if (!stored.has_value() && stored.error().code() == ErrorCode::kNotFound) {
    return FailedPrecondition("categories have no text vectors: run `twohop embed` first");
  }
  if (stored.has_value() && stored->source != taxonomy.fingerprint()) {
    return FailedPrecondition("text vectors are of another taxonomy: run `twohop embed` again");
  }
  return stored;
}

}  // namespace twohop::app
