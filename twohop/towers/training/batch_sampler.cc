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
  AddScored(rows, rng, local, batch);
  AddUsers(rows, rng, local, batch);
  AddItemFeatures(batch);
  AddCategories(rng, batch);
  return batch;
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
    for (std::size_t i = 0; i < options_.negatives; ++i) {
      batch.negatives.push_back(local.LocalOf(SampleNegative(row, i, rng)));
    }
  }
  batch.scored = batch.items.size();
}

void BatchSampler::AddUsers(std::span<const TrainingRow> rows, Rng& rng, LocalItems& local,
                            Batch& batch) const {
  const auto no_condition = static_cast<std::int64_t>(items_of_category_.size());
  const auto maybe_unknown = [&](std::int64_t row) {
    return rng.Chance(options_.feature_dropout) ? kUnknownRow : row;
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const TrainingRow& row = rows[i];
    const bool plain = rng.Chance(options_.unconditioned_share);
    batch.conditions.push_back(plain ? no_condition : batch.interests[i]);
    batch.age_groups.push_back(maybe_unknown(age_group_of_[row.user]));
    batch.genders.push_back(maybe_unknown(gender_of_[row.user]));
    batch.history_begin.push_back(static_cast<std::int64_t>(batch.history.size()));
    for (const ItemIndex item : data_.HistoryBefore(row, options_.history_window)) {
      batch.history.push_back(local.LocalOf(item));
    }
  }
}

void BatchSampler::AddItemFeatures(Batch& batch) const {
  for (const std::int64_t item : batch.items) {
    const auto index = static_cast<std::size_t>(item);
    batch.categories.push_back(features_.category_of(index));
    batch.brands.push_back(features_.brand_of(index));
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
  if (which % 2 == 0) return SampleFromCategory(row, rng);
  const std::span<const ItemIndex> shown = data_.shown_only(row.user);
  if (which % 4 == 1 && !shown.empty()) return shown[rng.Below(shown.size())];
  return SampleUnclicked(row.user, rng);
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
