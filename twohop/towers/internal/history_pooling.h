// A user's history as one vector.

#pragma once

#include <span>

#include "twohop/domain/ids.h"
#include "twohop/towers/internal/item_inputs.h"
#include "twohop/towers/internal/layers.h"
#include "twohop/towers/model_file.h"

namespace twohop::towers_internal {

// The mean of the items' inputs, or their weighted means under the model's attention heads: see
// TowerDims.
//
// Immutable. Thread-safe.
class HistoryPooling {
 public:
  // REQUIRES: the weights fit the description.
  explicit HistoryPooling(const Model& model);

  // [history_input], heads one after the other; zeros for no history. `history` is newest first.
  //
  // REQUIRES: no more items than the model's window.
  RowVector Pool(const ItemInputs& inputs, std::span<const ItemIndex> history) const;

 private:
  Matrix queries_;  // [heads, item_input]; no rows: the mean.
  Matrix recency_;  // [heads, history_window]
};

}  // namespace twohop::towers_internal
