#include "twohop/towers/training/batch_sampler.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/towers/training/testing/planted_community.h"

namespace twohop::towers_internal {
namespace {

class BatchSamplerTest : public testing::Test {
 protected:
  BatchSamplerTest() {
    SetCategoryVocabularies(community_.catalog->taxonomy(), vocabulary_);
    features_.emplace(*community_.catalog, vocabulary_);
  }

  std::span<const TrainingRow> Rows(std::size_t count) const {
    return community_.data.training_rows().last(count);
  }

  Batch Sample(std::size_t rows, const TrainOptions& options = {}) const {
    const BatchSampler sampler(community_.data, *community_.catalog, *features_, vocabulary_,
                               options);
    return sampler.Sample(Rows(rows), Rng(7));
  }

  ItemIndex ItemAt(const Batch& batch, std::int64_t local) const {
    return ItemIndex(static_cast<std::uint32_t>(batch.items[static_cast<std::size_t>(local)]));
  }

  // Of how many rows the negative of this number lies in the positive's category.
  std::size_t SiblingsAmong(const Batch& batch, std::size_t which, std::size_t negatives) const {
    std::size_t siblings = 0;
    for (std::size_t i = 0; i < batch.positives.size(); ++i) {
      const ItemIndex negative = ItemAt(batch, batch.negatives[i * negatives + which]);
      siblings += community_.catalog->at(negative).category.value() == batch.interests[i] ? 1 : 0;
    }
    return siblings;
  }

  PlantedCommunity community_ = MakePlantedCommunity();
  FeatureVocabulary vocabulary_{.age_groups = Vocabulary({"18-24", "25-34", "35-44"}),
                                .genders = Vocabulary({"female", "male"}),
                                .brand_buckets = 64,
                                .tag_buckets = 64};
  std::optional<CatalogFeatures> features_;
};

TEST_F(BatchSamplerTest, EveryItemOccursOnceAndTheScoredOnesComeFirst) {
  Batch batch = Sample(100);
  std::vector<std::int64_t> sorted = batch.items;
  std::ranges::sort(sorted);
  EXPECT_EQ(std::ranges::adjacent_find(sorted), sorted.end());
  EXPECT_LT(*std::ranges::max_element(batch.positives), static_cast<std::int64_t>(batch.scored));
  EXPECT_LT(*std::ranges::max_element(batch.negatives), static_cast<std::int64_t>(batch.scored));
  EXPECT_GE(batch.items.size(), batch.scored);
}

TEST_F(BatchSamplerTest, PositivesAndHistoriesAreThoseOfTheRows) {
  const Batch batch = Sample(3);
  const TrainingRow& row = Rows(3)[1];
  EXPECT_EQ(ItemAt(batch, batch.positives[1]), community_.data.item_of(row));
  const auto begin = static_cast<std::size_t>(batch.history_begin[1]);
  const auto end = static_cast<std::size_t>(batch.history_begin[2]);
  std::vector<ItemIndex> history;
  for (std::size_t i = begin; i < end; ++i) history.push_back(ItemAt(batch, batch.history[i]));
  EXPECT_THAT(history, testing::ElementsAreArray(community_.data.HistoryBefore(row, 50)));
}

TEST_F(BatchSamplerTest, HalfOfTheNegativesAreFromThePositivesOwnCategory) {
  const Batch batch = Sample(200, {.negatives = 4});
  EXPECT_GT(SiblingsAmong(batch, 0, 4), 180U);
  EXPECT_GT(SiblingsAmong(batch, 2, 4), 180U);
  EXPECT_LT(SiblingsAmong(batch, 3, 4), 80U);
}

TEST_F(BatchSamplerTest, AQuarterOfTheNegativesWereShownAndNotClicked) {
  const Batch batch = Sample(200, {.negatives = 4});
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_TRUE(std::ranges::binary_search(community_.data.shown_only(Rows(200)[i].user),
                                           ItemAt(batch, batch.negatives[4 * i + 1])));
  }
}

TEST_F(BatchSamplerTest, ANegativeIsHardlyEverAnItemThatTheUserClicked) {
  const Batch batch = Sample(200, {.negatives = 4});
  std::size_t clicked = 0;
  for (std::size_t i = 0; i < batch.negatives.size(); ++i) {
    const std::uint32_t user = Rows(200)[i / 4].user;
    clicked += community_.data.HasClicked(user, ItemAt(batch, batch.negatives[i])) ? 1 : 0;
  }
  EXPECT_LT(clicked, 8U);  // Of 800.
}

TEST_F(BatchSamplerTest, TheConditionIsThePositivesCategoryOrNone) {
  const Batch conditioned = Sample(50, {.unconditioned_share = 0});
  EXPECT_EQ(conditioned.conditions, conditioned.interests);
  const Batch plain = Sample(50, {.unconditioned_share = 1});
  const auto none = static_cast<std::int64_t>(community_.catalog->taxonomy().size());
  EXPECT_THAT(plain.conditions, testing::Each(none));
}

TEST_F(BatchSamplerTest, FrequenciesAreThoseOfThePositives) {
  const Batch batch = Sample(1);
  const ItemIndex item = ItemAt(batch, batch.positives[0]);
  const double frequency = community_.data.click_counts()[item.value()] /
                           static_cast<double>(community_.data.training_rows().size());
  EXPECT_NEAR(batch.log_frequencies[0], std::log(frequency), 1e-5);
}

TEST_F(BatchSamplerTest, WithoutDropoutNothingIsUnknown) {
  const Batch batch = Sample(100, {.feature_dropout = 0});
  EXPECT_THAT(batch.level3, testing::Each(testing::Ne(kUnknownRow)));
  EXPECT_THAT(batch.age_groups, testing::Each(testing::Ne(kUnknownRow)));
}

TEST_F(BatchSamplerTest, WithDropoutTheUnknownRowsTakePart) {
  const Batch batch = Sample(100, {.feature_dropout = 0.5});
  EXPECT_THAT(batch.level3, testing::Contains(kUnknownRow));
  EXPECT_THAT(batch.age_groups, testing::Contains(kUnknownRow));
  EXPECT_THAT(batch.genders, testing::Contains(kUnknownRow));
}

TEST_F(BatchSamplerTest, EqualSeedsGiveEqualBatches) {
  EXPECT_EQ(Sample(100).items, Sample(100).items);
  EXPECT_EQ(Sample(100).negatives, Sample(100).negatives);
}

TEST_F(BatchSamplerTest, WithoutASoftmaxThereAreNoCandidates) {
  const Batch batch = Sample(50);
  EXPECT_EQ(batch.candidates, 0U);
  EXPECT_THAT(batch.log_q, testing::IsEmpty());
}

TEST_F(BatchSamplerTest, CandidatesComeFirstAndHoldAllPositives) {
  const Batch batch = Sample(50, {.softmax_weight = 1, .softmax_negatives = 30});
  EXPECT_GT(batch.candidates, 30U);
  EXPECT_EQ(batch.log_q.size(), batch.candidates);
  EXPECT_THAT(batch.positives,
              testing::Each(testing::Lt(static_cast<std::int64_t>(batch.candidates))));
}

TEST_F(BatchSamplerTest, NoNumberOfSoftmaxNegativesMeansAllItemsUncorrected) {
  const Batch batch = Sample(50, {.softmax_weight = 1, .softmax_negatives = 0});
  EXPECT_EQ(batch.candidates, community_.catalog->size());
  EXPECT_THAT(batch.log_q, testing::IsEmpty());
}

TEST_F(BatchSamplerTest, PopularCandidatesAreSaidToBeDrawnMoreOften) {
  const Batch batch = Sample(50, {.softmax_weight = 1, .softmax_negatives = 30});
  const auto counts = community_.data.click_counts();
  std::vector<std::uint32_t> clicks;
  for (std::size_t i = 0; i < batch.candidates; ++i) {
    clicks.push_back(counts[static_cast<std::size_t>(batch.items[i])]);
  }
  const auto [least, most] = std::ranges::minmax_element(clicks);
  ASSERT_LT(*least, *most);
  EXPECT_LT(batch.log_q[static_cast<std::size_t>(least - clicks.begin())],
            batch.log_q[static_cast<std::size_t>(most - clicks.begin())]);
}

TEST_F(BatchSamplerTest, WithoutAClickLossThereAreNoNegatives) {
  EXPECT_THAT(Sample(50, {.click_weight = 0}).negatives, testing::IsEmpty());
}

TEST_F(BatchSamplerTest, WithoutHardNegativesFewAreOfThePositivesCategory) {
  const TrainOptions easy{.hard_negatives = false};
  EXPECT_LT(SiblingsAmong(Sample(200, easy), 0, easy.negatives),
            SiblingsAmong(Sample(200), 0, easy.negatives) / 2);
}

TEST_F(BatchSamplerTest, RandomConditionsSayNothingOfThePositive) {
  const Batch batch =
      Sample(200, {.condition = ConditionSource::kRandom, .unconditioned_share = 0});
  std::size_t own = 0;
  for (std::size_t i = 0; i < 200; ++i) own += batch.conditions[i] == batch.interests[i] ? 1 : 0;
  EXPECT_LT(own, 50U);
}

TEST_F(BatchSamplerTest, AgesCountBackFromTheNewestClick) {
  const Batch batch = Sample(1);
  ASSERT_GT(batch.history.size(), 1U);
  EXPECT_EQ(batch.history_ages.back(), 0);
  EXPECT_EQ(batch.history_ages.front(), static_cast<std::int64_t>(batch.history.size()) - 1);
}

TEST_F(BatchSamplerTest, HistoryDropoutLeavesOutClicksAndKeepsTheirAges) {
  const Batch whole = Sample(100);
  const Batch dropped = Sample(100, {.history_dropout = 0.5});
  EXPECT_LT(dropped.history.size(), whole.history.size() * 2 / 3);
  EXPECT_GE(std::ranges::max(dropped.history_ages) + 2, std::ranges::max(whole.history_ages));
}

TEST_F(BatchSamplerTest, ItemsHaveRowsOfTheirOwnIfTheModelHasThem) {
  vocabulary_.items = Vocabulary({"i3"});
  features_.emplace(*community_.catalog, vocabulary_);
  const Batch batch = Sample(200, {.item_id = 8, .feature_dropout = 0});
  ASSERT_EQ(batch.item_rows.size(), batch.items.size());
  const auto at = std::ranges::find(batch.items, 3) - batch.items.begin();
  ASSERT_LT(at, std::ssize(batch.items));
  EXPECT_EQ(batch.item_rows[static_cast<std::size_t>(at)], 1);
  EXPECT_EQ(std::ranges::count(batch.item_rows, 0), std::ssize(batch.items) - 1);
}

}  // namespace
}  // namespace twohop::towers_internal
