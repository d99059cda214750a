// How a model is trained.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "twohop/base/json.h"
#include "twohop/base/result.h"

namespace twohop {

struct TrainOptions {
  std::size_t dim = 64;              // D: of both towers.
  std::size_t history_window = 50;   // Clicks that make up a history.
  std::size_t brand_buckets = 4096;  // More: fewer brands share a row; 64 bytes each.
  std::size_t tag_buckets = 4096;    // Likewise.

  std::size_t epochs = 2;
  std::size_t batch_size = 512;  // B: positives; larger is faster and contrasts more interests.
  std::size_t negatives = 4;     // Per positive. Half from its own category, a quarter shown and
                                 // not clicked, the rest drawn by popularity.
  float learning_rate = 5e-3F;   // Of the layers (Adam).
  float table_learning_rate = 0.2F;   // Of the embedding tables (row-wise Adagrad).
  float temperature = 0.05F;          // Divides inner products; lower is sharper.
  float interest_weight = 0.3F;       // λ of InfoNCE(interest).
  double unconditioned_share = 0.15;  // Of rows that learn without a condition, in [0, 1]: they
                                      // make plain u2i.
  double feature_dropout = 0.05;  // Of category and profile values that count as unknown, in [0,
                                  // 1): they teach the unknown rows.
  std::uint64_t seed = 1;         // Equal seed, inputs, options and threads: equal weights.

  std::size_t threads = 2;             // 0: one per core.
  std::chrono::seconds time_limit{0};  // Stops after the batch in which it is reached; 0: no limit.
  std::size_t checkpoint_every = 200;  // Batches; 0: only when stopped.

  // Errors: kInvalidArgument, naming the field.
  Status Validate() const;
};

// What decides the outcome: every field but epochs, threads, time_limit and checkpoint_every.
Json OptionsToJson(const TrainOptions& options);

}  // namespace twohop
