// The dual-tower model: users and items as vectors whose inner product says how well they fit.

#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/embeddings.h"
#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"

namespace twohop {

struct Model;

// Shapes: B conditions, N items of the catalogue, C categories of its taxonomy, T components of a
// text vector, D components of a tower's output.

struct UserFeatures {
  std::string age_group;           // A value that training did not see counts as not known.
  std::string gender;              // Likewise.
  std::vector<ItemIndex> history;  // Clicks, newest first; those beyond the model's window are
                                   // ignored. Empty: no history.
};

// A trained model bound to one catalogue, ready for inference on the CPU (Eigen). One model serves
// u2i with a condition (the interest decides the region, the user the items in it) and plain u2i
// without.
//
// Thread-safe. Two calls with the same input give bit-identical output on the same machine.
class TwoTower {
 public:
  // Reads a model that training wrote to `dir` and computes what is constant for each item.
  // `category_vectors` is float32 [C, T], row i the text vector of CategoryIndex(i), and
  // `text_encoder` the name of the encoder that made it (EmbeddingFile::encoder).
  //
  // Errors: kNotFound if `dir` holds no model; kDataLoss if a file fails its checksum;
  // kUnimplemented if a newer version wrote it; kFailedPrecondition if T or the text encoder
  // differ from training's; kInvalidArgument if C is not the taxonomy's. Categories, brands and
  // tags that training did not see are not an error: they count as not known, and the text vector
  // places the item.
  static Result<TwoTower> Load(const std::filesystem::path& dir,
                               const std::shared_ptr<const Catalog>& catalog,
                               EmbeddingsView category_vectors, std::string_view text_encoder);

  // The same for a model in memory.
  static Result<TwoTower> FromModel(const Model& model, const Catalog& catalog,
                                    EmbeddingsView category_vectors, std::string_view text_encoder);

  ~TwoTower();
  TwoTower(TwoTower&&) noexcept;
  TwoTower& operator=(TwoTower&&) noexcept;

  std::size_t dim() const;       // D
  std::size_t text_dim() const;  // T

  // float32 [N, D], row-major, row i of ItemIndex(i), every row of L2 norm 1.
  Embeddings EmbedItems() const;

  // float32 [B, D], every row of L2 norm 1: the user under each condition. `conditions` is [B, T],
  // rows of L2 norm 1.
  //
  // Errors: kInvalidArgument if conditions.dim() != text_dim() and B > 0, or a history item is not
  // in the catalogue.
  Result<Embeddings> EmbedUser(const UserFeatures& user, EmbeddingsView conditions) const;

  // float32 [1, D]: the user without a condition, for plain u2i.
  Result<Embeddings> EmbedUserPlain(const UserFeatures& user) const;

 private:
  struct Impl;
  explicit TwoTower(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

}  // namespace twohop
