// The categories of a taxonomy as points among texts.

#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "twohop/base/embeddings.h"
#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"

namespace twohop {

struct ScoredCategory {
  CategoryIndex category;
  float similarity = 0.0F;  // Cosine, in [-1, 1]; larger is nearer.

  friend bool operator==(const ScoredCategory&, const ScoredCategory&) = default;
};

// A taxonomy with the text vector of each category.
//
// C is the number of categories, T the dimension of the text vectors.
//
// Immutable. Thread-safe.
class CategorySpace {
 public:
  // `vectors` is float32 [C, T]: row i is the vector of Taxonomy::embedding_text(i). Rows are
  // scaled to L2 norm 1.
  //
  // Errors: kInvalidArgument if the shape is another one, a component is not finite or a row is
  // zero; the message names the category.
  static Result<CategorySpace> Build(std::shared_ptr<const Taxonomy> taxonomy, Embeddings vectors);

  const Taxonomy& taxonomy() const { return *taxonomy_; }
  const std::shared_ptr<const Taxonomy>& shared_taxonomy() const { return taxonomy_; }
  std::size_t dim() const { return vectors_.dim(); }  // T

  // [T], L2 norm 1.
  std::span<const float> vector(CategoryIndex category) const {
    return vectors_.row(category.value());
  }

  // Cosine of `query` with every category: [C]. Takes C * T multiplications.
  //
  // REQUIRES: query.size() == dim() and its L2 norm is 1.
  std::vector<float> Similarities(std::span<const float> query) const;

  // The `k` categories nearest to `query`, nearest first, ties by ascending index; fewer if fewer
  // are left. Categories whose level-1 is marked in `excluded` (indexed by Level1Index; empty:
  // none) are left out.
  //
  // REQUIRES: as Similarities; excluded.size() is 0 or the number of level-1 categories.
  std::vector<ScoredCategory> NearestCategories(std::span<const float> query, std::size_t k,
                                                const std::vector<bool>& excluded = {}) const;

 private:
  CategorySpace(std::shared_ptr<const Taxonomy> taxonomy, Embeddings vectors)
      : taxonomy_(std::move(taxonomy)), vectors_(std::move(vectors)) {}

  std::shared_ptr<const Taxonomy> taxonomy_;
  Embeddings vectors_;
};

// Marks the level-1 categories with these names, indexed by Level1Index. Names that the taxonomy
// does not have mark nothing.
std::vector<bool> MarkLevel1(const Taxonomy& taxonomy, std::span<const std::string> names);

}  // namespace twohop
