// From training rows to what one step of training works on. Internal to training.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twohop/base/rng.h"
#include "twohop/domain/catalog.h"
#include "twohop/towers/catalog_features.h"
#include "twohop/towers/training/train_options.h"
#include "twohop/towers/training/training_data.h"

namespace twohop::towers_internal {

// Numbers for tensors of int64. B rows, K negatives each, C categories. "Local" is a position in
// `items`.
struct Batch {
  // Each item of the batch once: candidates of the softmax first, then the other scored ones, then
  // those that occur in histories alone.
  std::vector<std::int64_t> items;
  std::size_t candidates = 0;  // 0 without a softmax; else all positives are among them.
  std::size_t scored = 0;      // Candidates, positives and negatives.
  std::vector<float> log_q;    // [candidates]: of how often each is drawn; empty: no correction.
  std::vector<std::int64_t> categories;  // Of each of `items`, in [0, C).
  std::vector<std::int64_t> brands;      // Of each of `items`, rows of the table.
  std::vector<std::int64_t> item_rows;   // Of each of `items`, rows of the table of ids.
  std::vector<std::int64_t> tags;        // Rows of the table, one item's after the other's.
  std::vector<std::int64_t> tag_begin;   // Of each of `items`, into `tags`.

  std::vector<std::int64_t> history;        // Local, one row's after the other's, newest last.
  std::vector<std::int64_t> history_begin;  // [B], into `history`.
  std::vector<std::int64_t> history_rows;   // Of each of `history`, the row it belongs to.
  std::vector<std::int64_t> history_ages;   // Of each of `history`, its position; 0: newest.
  std::vector<std::int64_t> positives;      // [B], local.
  std::vector<std::int64_t> negatives;   // [B × K], local, by row; none if clicks weigh nothing.
  std::vector<std::int64_t> interests;   // [B], category of the positive, in [0, C).
  std::vector<std::int64_t> conditions;  // [B], the same, or C for "no condition".
  std::vector<std::int64_t> age_groups;  // [B], rows of the table.
  std::vector<std::int64_t> genders;     // [B], likewise.
  std::vector<float> log_frequencies;    // [B], of the positive among all training rows.

  std::uint64_t dropout_seed = 0;

  // [C], rows of the level tables; some count as unknown in this batch.
  std::vector<std::int64_t> level1;
  std::vector<std::int64_t> level2;
  std::vector<std::int64_t> level3;
};

class LocalItems;

// Draws negatives and drops features. All chance of training but the order of rows is here.
//
// Thread-compatible. The arguments must outlive the sampler.
class BatchSampler {
 public:
  BatchSampler(const TrainingData& data, const Catalog& catalog, const CatalogFeatures& features,
               const FeatureVocabulary& vocabulary, const TrainOptions& options);

  Batch Sample(std::span<const TrainingRow> rows, Rng rng) const;

 private:
  ItemIndex SampleNegative(const TrainingRow& row, std::size_t which, Rng& rng) const;
  ItemIndex SampleFromCategory(const TrainingRow& row, Rng& rng) const;
  ItemIndex SampleByPopularity(Rng& rng) const;
  ItemIndex SampleHard(const TrainingRow& row, Rng& rng) const;
  // By popularity, but not what the user clicked, if a few tries find that.
  ItemIndex SampleUnclicked(std::uint32_t user, Rng& rng) const;
  // The logarithm of the share of draws by popularity that give this item.
  float LogShareOf(std::int64_t item) const;
  void AddCandidates(std::span<const TrainingRow> rows, Rng& rng, LocalItems& local,
                     Batch& batch) const;
  void AddHistory(const TrainingRow& row, Rng& rng, LocalItems& local, Batch& batch) const;
  void AddScored(std::span<const TrainingRow> rows, Rng& rng, LocalItems& local,
                 Batch& batch) const;
  void AddUsers(std::span<const TrainingRow> rows, Rng& rng, LocalItems& local, Batch& batch) const;
  void AddItemFeatures(Rng& rng, Batch& batch) const;
  void AddCategories(Rng& rng, Batch& batch) const;

  const TrainingData& data_;
  const CatalogFeatures& features_;
  const TrainOptions& options_;
  std::vector<std::vector<ItemIndex>> items_of_category_;  // [C]
  std::vector<double> popularity_;                         // [N], running sum.
  std::vector<std::int64_t> age_group_of_;                 // [users]
  std::vector<std::int64_t> gender_of_;
};

}  // namespace twohop::towers_internal
