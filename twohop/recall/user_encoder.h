// From a user to query vectors: all that recall needs of a model.

#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "twohop/base/embeddings.h"
#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"
#include "twohop/towers/two_tower.h"

namespace twohop {

// Turns users into vectors of the space in which the bundle's item vectors lie. Shapes as in
// two_tower.h: B conditions, T components of a text vector, D components of a query vector.
//
// Implementations are thread-safe and deterministic.
class UserEncoder {
 public:
  virtual ~UserEncoder() = default;

  virtual std::size_t dim() const = 0;       // D
  virtual std::size_t text_dim() const = 0;  // T

  // float32 [B, D], every row of L2 norm 1: the user under each condition. `conditions` is [B, T].
  //
  // Errors: kInvalidArgument if conditions.dim() != text_dim() and B > 0.
  virtual Result<Embeddings> EmbedUser(const UserFeatures& user,
                                       EmbeddingsView conditions) const = 0;

  // float32 [1, D]: the user without a condition.
  virtual Result<Embeddings> EmbedUserPlain(const UserFeatures& user) const = 0;
};

// Reads the encoder that belongs to a catalogue from the model folder of its bundle.
using UserEncoderLoader = std::function<Result<std::unique_ptr<const UserEncoder>>(
    const std::filesystem::path& model_dir, const std::shared_ptr<const Catalog>& catalog,
    EmbeddingsView category_vectors, std::string_view text_encoder)>;

// The loader for models that twohop-train wrote. Errors: those of TwoTower::Load.
Result<std::unique_ptr<const UserEncoder>> LoadTwoTowerEncoder(
    const std::filesystem::path& model_dir, const std::shared_ptr<const Catalog>& catalog,
    EmbeddingsView category_vectors, std::string_view text_encoder);

}  // namespace twohop
