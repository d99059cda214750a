#include "twohop/towers/training/batch_sampler.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace twohop::towers_internal {
namespace {

// Tries to find an item that the user did not click, before one is taken as it comes.
constexpr int kTries = 8;
// Between uniform (0) and proportional to clicks (1): as for word2vec's negatives.
constexpr double kPopularityPower = 0.75;

}  // namespace

// Hands out positions to items in the order in which they are first asked for.
class LocalItems {
 public:
  explicit LocalItems(std::vector<std::int64_t>& items) : items_(items) {}

  std::int64_t LocalOf(ItemIndex item) {
    const auto [found, is_new] =
        local_of_.emplace(item.value(), static_cast<std::int64_t>(items_.size()));
    if (is_new) items_.push_back(item.value());
    return found->second;
  }

 private:
  std::vector<std::int64_t>& items_;
  std::unordered_map<std::uint32_t, std::int64_t> local_of_;
};

BatchSampler::BatchSampler(const TrainingData& data, const Catalog& catalog,
                           const CatalogFeatures& features, const FeatureVocabulary& vocabulary,
                           const TrainOptions& options)
    : data_(data),
      features_(features),
      options_(options),
      items_of_category_(features.categories().size()) {
  double sum = 0;
  for (std::uint32_t i = 0; i < catalog.size(); ++i) {
    items_of_category_[features.category_of(i)].emplace_back(i);
    // One more for each, so that items nobody clicked are pushed away too.
    sum += std::pow(data.click_counts()[i] + 1.0, kPopularityPower);
    popularity_.push_back(sum);
  }
  for (std::uint32_t user = 0; user < data.users(); ++user) {
    age_group_of_.push_back(vocabulary.age_groups.Row(data.profile(user).age_group));
    gender_of_.push_back(vocabulary.genders.Row(data.profile(user).gender));
  }
}

Batch BatchSampler::Sample(std::span<const TrainingRow> rows, Rng rng) const {
  Batch batch;
  LocalItems local(batch.items);
  AddCandidates(rows, rng, local, batch);
  AddScored(rows, rng, local, batch);
  AddUsers(rows, rng, local, batch);
  AddItemFeatures(rng, batch);
  AddCategories(rng, batch);
  if (options_.dropout > 0) batch.dropout_seed = rng.Next();
  return batch;
}

float BatchSampler::LogShareOf(std::int64_t item) const {
  const auto index = static_cast<std::size_t>(item);
  const double share = popularity_[index] - (index == 0 ? 0.0 : popularity_[index - 1]);
  return static_cast<float>(std::log(share / popularity_.back()));
}

// All items, or the batch's own and some that are drawn for the whole batch.
void BatchSampler::AddCandidates(std::span<const TrainingRow> rows, Rng& rng, LocalItems& local,
                                 Batch& batch) const {
  if (options_.softmax_weight == 0) return;
  if (options_.softmax_negatives == 0) {
    for (std::uint32_t i = 0; i < features_.items(); ++i) local.LocalOf(ItemIndex(i));
  } else {
    for (const TrainingRow& row : rows) local.LocalOf(data_.item_of(row));
    for (std::size_t i = 0; i < options_.softmax_negatives; ++i) {
      local.LocalOf(SampleByPopularity(rng));
    }
    if (options_.log_q != LogQ::kNone) {
      for (const std::int64_t item : batch.items) batch.log_q.push_back(LogShareOf(item));
    }
  }
  batch.candidates = batch.items.size();
}

void BatchSampler::AddScored(std::span<const TrainingRow> rows, Rng& rng, LocalItems& local,
                             Batch& batch) const {
  const auto all = static_cast<double>(data_.training_rows().size());
  for (const TrainingRow& row : rows) {
    const ItemIndex item = data_.item_of(row);
    batch.positives.push_back(local.LocalOf(item));
    batch.interests.push_back(features_.category_of(item.value()));
    const double frequency = data_.click_counts()[item.value()] / all;
    batch.log_frequencies.push_back(static_cast<float>(std::log(frequency)));
    const std::size_t negatives = options_.click_weight == 0 ? 0 : options_.negatives;
    for (std::size_t i = 0; i < negatives; ++i) {
      batch.negatives.push_back(local.LocalOf(SampleNegative(row, i, rng)));
    }
  }
  batch.scored = batch.items.size();
}

void BatchSampler::AddUsers(std::span<const TrainingRow> rows, Rng& rng, LocalItems& local,
                            Batch& batch) const {
  const std::size_t categories = items_of_category_.size();
  const auto no_condition = static_cast<std::int64_t>(categories);
  const auto condition_of = [&](std::int64_t own) {
    return options_.condition == ConditionSource::kOwnCategory
               ? own
               : static_cast<std::int64_t>(rng.Below(categories));
  };
  const auto maybe_unknown = [&](std::int64_t row) {
    return rng.Chance(options_.feature_dropout) ? kUnknownRow : row;
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const TrainingRow& row = rows[i];
    const bool plain = rng.Chance(options_.unconditioned_share);
    batch.conditions.push_back(plain ? no_condition : condition_of(batch.interests[i]));
    batch.age_groups.push_back(maybe_unknown(age_group_of_[row.user]));
    batch.genders.push_back(maybe_unknown(gender_of_[row.user]));
    batch.history_begin.push_back(static_cast<std::int64_t>(batch.history.size()));
    AddHistory(row, rng, local, batch);
  }
}

void BatchSampler::AddHistory(const TrainingRow& row, Rng& rng, LocalItems& local,
                              Batch& batch) const {
  const auto number = static_cast<std::int64_t>(batch.history_begin.size()) - 1;
  const std::span<const ItemIndex> history = data_.HistoryBefore(row, options_.history_window);
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (options_.history_dropout > 0 && rng.Chance(options_.history_dropout)) continue;
    batch.history.push_back(local.LocalOf(history[i]));
    batch.history_rows.push_back(number);
    batch.history_ages.push_back(static_cast<std::int64_t>(history.size() - 1 - i));
  }
}

void BatchSampler::AddItemFeatures(Rng& rng, Batch& batch) const {
  for (const std::int64_t item : batch.items) {
    const auto index = static_cast<std::size_t>(item);
    batch.categories.push_back(features_.category_of(index));
    batch.brands.push_back(features_.brand_of(index));
    if (options_.item_id > 0) {
      const bool unknown = rng.Chance(options_.feature_dropout);
      batch.item_rows.push_back(unknown ? kUnknownRow : features_.row_of(index));
    }
    batch.tag_begin.push_back(static_cast<std::int64_t>(batch.tags.size()));
    for (const std::uint32_t tag : features_.tags_of(index)) batch.tags.push_back(tag);
  }
}

// A category that is unknown on a level is unknown below it, as a new one will be.
void BatchSampler::AddCategories(Rng& rng, Batch& batch) const {
  for (const CategoryRows& rows : features_.categories()) {
    const bool no_level3 = rng.Chance(options_.feature_dropout);
    const bool no_level2 = no_level3 && rng.Chance(0.5);
    const bool no_level1 = no_level2 && rng.Chance(0.5);
    batch.level1.push_back(no_level1 ? kUnknownRow : rows.level1);
    batch.level2.push_back(no_level2 ? kUnknownRow : rows.level2);
    batch.level3.push_back(no_level3 ? kUnknownRow : rows.level3);
  }
}

// Half from the positive's own category: else the condition gives the answer away and the user is
// ignored. Of the rest, every other one was shown and not clicked.
ItemIndex BatchSampler::SampleNegative(const TrainingRow& row, std::size_t which, Rng& rng) const {
  if (which % 2 == 0) return SampleHard(row, rng);
  const std::span<const ItemIndex> shown = data_.shown_only(row.user);
  if (which % 4 == 1 && !shown.empty()) return shown[rng.Below(shown.size())];
  return SampleUnclicked(row.user, rng);
}

ItemIndex BatchSampler::SampleHard(const TrainingRow& row, Rng& rng) const {
  return options_.hard_negatives ? SampleFromCategory(row, rng) : SampleUnclicked(row.user, rng);
}

ItemIndex BatchSampler::SampleFromCategory(const TrainingRow& row, Rng& rng) const {
  const std::vector<ItemIndex>& siblings =
      items_of_category_[features_.category_of(data_.item_of(row).value())];
  for (int i = 0; i < kTries; ++i) {
    const ItemIndex item = siblings[rng.Below(siblings.size())];
    if (!data_.HasClicked(row.user, item)) return item;
  }
  return SampleUnclicked(row.user, rng);
}

ItemIndex BatchSampler::SampleUnclicked(std::uint32_t user, Rng& rng) const {
  ItemIndex item = SampleByPopularity(rng);
  for (int i = 1; i < kTries && data_.HasClicked(user, item); ++i) item = SampleByPopularity(rng);
  return item;
}

ItemIndex BatchSampler::SampleByPopularity(Rng& rng) const {
  const double at = rng.Uniform() * popularity_.back();
  const auto found = std::ranges::upper_bound(popularity_, at);
  const auto index = std::min(found, popularity_.end() - 1) - popularity_.begin();
  return ItemIndex(static_cast<std::uint32_t>(index));
}

}  // namespace twohop::towers_internal
