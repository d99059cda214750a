// A user encoder that a test can compute in its head.

#pragma once

#include <memory>

#include "twohop/recall/user_encoder.h"

namespace twohop {

// T == D. Under a condition, the user's vector is the condition itself; without one, it is the mean
// of the category vectors of the history, and the first category's vector without a history.
std::unique_ptr<const UserEncoder> MakeFakeUserEncoder(std::shared_ptr<const Catalog> catalog,
                                                       Embeddings category_vectors);

// Reads nothing from the model folder.
Result<std::unique_ptr<const UserEncoder>> LoadFakeUserEncoder(
    const std::filesystem::path& model_dir, const std::shared_ptr<const Catalog>& catalog,
    EmbeddingsView category_vectors, std::string_view text_encoder);

// Fails every call with kInternal.
Result<std::unique_ptr<const UserEncoder>> LoadBrokenUserEncoder(
    const std::filesystem::path& model_dir, const std::shared_ptr<const Catalog>& catalog,
    EmbeddingsView category_vectors, std::string_view text_encoder);

}  // namespace twohop
