// How a model is trained.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "twohop/base/json.h"
#include "twohop/base/result.h"

namespace twohop {

// What a training row's user is under. kRandom is an ablation: a condition that says nothing.
enum class ConditionSource : std::uint8_t { kOwnCategory, kRandom };

// What a positive is told apart from by the softmax over items.
enum class LogQ : std::uint8_t {
  kCounts,     // Corrects by how often each candidate is drawn, from counts over all rows.
  kStreaming,  // Likewise, estimated while training (Yi 2019): for rows that keep coming.
  kNone,
};

enum class TableOptimizer : std::uint8_t {
  kAdagrad,  // Row-wise: one number a row, and rows without a gradient are left alone.
  kAdam,     // Finds more where every item has a row of its own; two numbers a component.
};

struct TrainOptions {
  std::size_t dim = 64;              // D: of both towers.
  std::size_t history_window = 50;   // Clicks that make up a history.
  std::size_t history_heads = 0;     // Attention heads that pool the history, by recency and
                                     // content; 0: its mean.
  std::size_t item_id = 0;           // Width of a row for each item clicked in training; 0: none.
                                     // Finds more where items have many clicks, less new ones.
  std::size_t brand_buckets = 4096;  // More: fewer brands share a row; 64 bytes each.
  std::size_t tag_buckets = 4096;    // Likewise.

  std::size_t epochs = 2;
  std::size_t batch_size = 512;  // B: positives; larger is faster and contrasts more interests.
  std::size_t negatives = 4;     // Per positive. Half from its own category, a quarter shown and
                                 // not clicked, the rest drawn by popularity.
  bool hard_negatives = true;    // Off: the half from its own category is drawn by popularity.
  float learning_rate = 5e-3F;   // Of the layers (Adam).
  float table_learning_rate = 0.2F;  // Of the embedding tables.
  TableOptimizer table_optimizer = TableOptimizer::kAdagrad;
  float temperature = 0.05F;             // Divides inner products; lower is sharper.
  float click_weight = 1.0F;             // Of BCE(click); 0: none.
  float interest_weight = 0.3F;          // λ of InfoNCE(interest); 0: none.
  float softmax_weight = 0.0F;           // Of the softmax over items; 0: none.
  std::size_t softmax_negatives = 2048;  // Drawn by popularity for a whole batch; 0: all items.
  LogQ log_q = LogQ::kCounts;            // Of drawn softmax negatives.
  ConditionSource condition = ConditionSource::kOwnCategory;
  double unconditioned_share = 0.15;  // Of rows that learn without a condition, in [0, 1]: they
                                      // make plain u2i.
  double feature_dropout = 0.05;  // Of category and profile values that count as unknown, in [0,
                                  // 1): they teach the unknown rows. Of item ids likewise.
  double history_dropout = 0;     // Of clicks left out of a row's history, in [0, 1).
  float dropout = 0;              // Of components of the pooled history set to 0, in [0, 1).
  std::uint64_t seed = 1;         // Equal seed, inputs, options and threads: equal weights.

  // Epochs without a better NDCG@10 on the validation rows, after which training ends with the best
  // weights so far; 0: all epochs are trained, and the last weights count.
  std::size_t patience = 0;
  // Of all clicks, by time, for validation; in [0, 0.5]. For whoever splits the data: TrainTwoTower
  // takes them as they are split.
  double validation_share = 0;

  std::size_t threads = 2;             // 0: one per core.
  std::chrono::seconds time_limit{0};  // Stops after the batch in which it is reached; 0: no limit.
  std::size_t checkpoint_every = 200;  // Batches; 0: only when stopped.

  // Errors: kInvalidArgument, naming the field.
  Status Validate() const;
};

// "adagrad", "adam"; "counts", "streaming", "none"; "own_category", "random".
std::string_view TableOptimizerName(TableOptimizer optimizer);
std::string_view LogQName(LogQ log_q);
std::string_view ConditionSourceName(ConditionSource source);

// What decides the outcome: every field but epochs, threads, time_limit and checkpoint_every.
Json OptionsToJson(const TrainOptions& options);

}  // namespace twohop
