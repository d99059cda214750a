// The user side of the model.

#pragma once

#include <string_view>

#include "twohop/base/embeddings.h"
#include "twohop/towers/internal/layers.h"
#include "twohop/towers/model_file.h"

namespace twohop::towers_internal {

// The first layer is linear before its activation, so that it is a sum of a part that depends on
// the user alone and one that depends on the condition alone. The first is computed once for all
// conditions, and each table of the first is multiplied by its part of the weight beforehand.
//
// Immutable. Thread-safe.
class UserTower {
 public:
  // REQUIRES: the weights fit the description.
  explicit UserTower(const Model& model);

  // [hidden + D], before the activation. `history` is HistoryPooling::Pool of the user's
  // clicks.
  RowVector UserPart(std::string_view age_group, std::string_view gender,
                     const RowVector& history) const;

  // float32 [B, D], rows of L2 norm 1. `conditions` is [B, T].
  Embeddings Embed(const RowVector& user_part, EmbeddingsView conditions) const;

  // float32 [1, D]: without a condition.
  Embeddings EmbedPlain(const RowVector& user_part) const;

 private:
  Vocabulary age_groups_;
  Vocabulary genders_;
  Matrix age_group_parts_;       // [age groups, hidden + D], with the bias.
  Matrix gender_parts_;          // [genders, hidden + D]
  Matrix history_weight_;        // [history_input, hidden + D]
  Matrix condition_projection_;  // [T, condition]
  Matrix condition_weight_;      // [condition, hidden + D]
  RowVector no_condition_part_;  // [hidden + D]
  Linear output_;
};

}  // namespace twohop::towers_internal
