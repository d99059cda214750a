// A made-up community whose rules are known: what a model can learn from it is planted.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "twohop/base/embeddings.h"
#include "twohop/domain/catalog.h"
#include "twohop/towers/training/training_data.h"

namespace twohop {

struct PlantedOptions {
  std::size_t level1 = 3;  // × 4 level-3 categories.
  std::size_t items = 240;
  std::size_t users = 60;
  std::size_t clicks_per_user = 20;
  std::size_t text_dim = 16;
  double heldout_share = 0.1;
  double validation_share = 0;
  std::uint64_t seed = 1;
};

// Every user has three favourite categories, which make most of the clicks, and a favourite brand:
// in a category the user clicks the item of that brand if it is among the six shown. The five
// others are shown and not clicked. Age groups prefer level-1 categories.
struct PlantedCommunity {
  std::shared_ptr<const Catalog> catalog;
  Embeddings category_vectors;  // Siblings are similar.
  TrainingData data;
};

PlantedCommunity MakePlantedCommunity(const PlantedOptions& options = {});

}  // namespace twohop
