// How far a search by cells must reach to find what a whole scan finds, and whether it pays.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "twohop/ann/index_image.h"
#include "twohop/base/embeddings.h"

namespace twohop::ann_internal {

struct TuningOptions {
  double wanted_recall = 0.99;  // Of the k nearest, in every share of excluded partitions.
  std::size_t k = 100;
  std::size_t samples = 64;       // Queries for each share.
  EmbeddingsView sample_queries;  // Instead of made-up ones, if there are any.
  std::uint64_t seed = 1;
};

struct CellTuning {
  float reach = 0.0F;
  double recall = 0.0;     // The worst mean among the trials.
  double row_share = 0.0;  // Rows looked at, of those that a whole scan looks at.
};

// Tries searches with none, half and nine tenths of the partitions excluded and bisects for the
// smallest reach that finds enough in all of them. Sample queries that are made up mix the
// directions of one item, of many items and of chance, as a query of a user does; the one item is
// outside of the excluded partitions for one half of the trials and anywhere for the other. Counts
// rows and not seconds: the same input gives the same answer on every machine.
//
// nullopt if the image has no cells, or a whole scan would be as fast.
std::optional<CellTuning> TuneReach(const IndexImage& image, const TuningOptions& options);

}  // namespace twohop::ann_internal
