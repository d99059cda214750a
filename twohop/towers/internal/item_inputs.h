// What the item tower, and the history in the user tower, are fed for each item.

#pragma once

#include <cstddef>
#include <span>

#include "twohop/base/embeddings.h"
#include "twohop/domain/catalog.h"
#include "twohop/towers/catalog_features.h"
#include "twohop/towers/internal/layers.h"
#include "twohop/towers/model_file.h"

namespace twohop::towers_internal {

// The input of an item is the input of its category, followed by its own details (brand, tags, id).
// Both are computed once. They are kept apart because a million items share a few hundred
// categories.
//
// Immutable. Thread-safe.
class ItemInputs {
 public:
  // REQUIRES: the weights fit the description, the vectors the taxonomy and dims.text.
  ItemInputs(const Model& model, const Catalog& catalog, EmbeddingsView category_vectors);

  std::size_t items() const { return features_.items(); }

  // float32 [last - first, item_input] of the items [first, last).
  Matrix Rows(std::size_t first, std::size_t last) const;

  // float32 [items.size(), item_input] of these items.
  Matrix Rows(std::span<const ItemIndex> items) const;

  // The mean over `items`; zeros if there are none.
  RowVector Mean(std::span<const ItemIndex> items) const;

 private:
  void FillCategories(const Model& model, EmbeddingsView category_vectors);
  void FillDetails(const Model& model);

  CatalogFeatures features_;
  Matrix categories_;  // [C, category_input]
  Matrix details_;     // [N, brand + tag + item_id]
};

}  // namespace twohop::towers_internal
