#include "twohop/towers/training/two_tower_net.h"

#include <optional>

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/towers/testing/random_model.h"
#include "twohop/towers/training/testing/planted_community.h"
#include "twohop/towers/two_tower.h"

namespace twohop::towers_internal {
namespace {

// A model of random weights, as libtorch trains it and as Eigen serves it.
class TwoTowerNetTest : public testing::Test {
 protected:
  TwoTowerNetTest() { UseModel({.text = 16}); }

  void UseModel(const TowerDims& dims) {
    model_ = MakeRandomModel(community_.catalog->taxonomy(), dims);
    features_.emplace(*community_.catalog, model_.description.vocabulary);
    net_.emplace(model_.description, community_.category_vectors, Rng(1));
    const torch::NoGradGuard no_grad;
    CopyFrom(model_.weights, net_->parameters());
  }

  TwoTower Serving() const {
    auto tower =
        TwoTower::FromModel(model_, *community_.catalog, community_.category_vectors, kTestEncoder);
    EXPECT_THAT(tower, IsOk());
    return *std::move(tower);
  }

  std::span<const TrainingRow> Rows() const { return community_.data.training_rows(); }

  Batch BatchOf(const TrainOptions& options) const {
    const BatchSampler sampler(community_.data, *community_.catalog, *features_,
                               model_.description.vocabulary, options);
    return sampler.Sample(Rows(), Rng(3));
  }

  UserFeatures FeaturesOf(const TrainingRow& row) const {
    const UserProfile& profile = community_.data.profile(row.user);
    const auto history = community_.data.HistoryBefore(row, 50);
    return {.age_group = profile.age_group,
            .gender = profile.gender,
            .history = {history.rbegin(), history.rend()}};
  }

  static float LargestDifference(const torch::Tensor& tensor, std::int64_t row,
                                 std::span<const float> vector) {
    float largest = 0;
    for (std::size_t i = 0; i < vector.size(); ++i) {
      const auto column = static_cast<std::int64_t>(i);
      largest = std::max(largest, std::abs(tensor[row][column].item<float>() - vector[i]));
    }
    return largest;
  }

  static constexpr TrainOptions kConditioned{.unconditioned_share = 0, .feature_dropout = 0};
  static constexpr TrainOptions kPlain{.unconditioned_share = 1, .feature_dropout = 0};

  PlantedCommunity community_ = MakePlantedCommunity({.users = 12, .clicks_per_user = 8});
  Model model_;
  std::optional<CatalogFeatures> features_;
  std::optional<TwoTowerNet> net_;
};

TEST_F(TwoTowerNetTest, ItemsEqualThoseThatAreServed) {
  const Batch batch = BatchOf(kConditioned);
  const torch::Tensor items = net_->Forward(batch).items;
  const Embeddings served = Serving().EmbedItems();
  for (std::size_t i = 0; i < batch.scored; ++i) {
    const auto item = static_cast<std::size_t>(batch.items[i]);
    EXPECT_LT(LargestDifference(items, static_cast<std::int64_t>(i), served.row(item)), 1e-5F);
  }
}

TEST_F(TwoTowerNetTest, UsersUnderAConditionEqualThoseThatAreServed) {
  const Batch batch = BatchOf(kConditioned);
  const torch::Tensor users = net_->Forward(batch).users;
  const TwoTower tower = Serving();
  for (std::size_t i = 0; i < Rows().size(); ++i) {
    const auto category = static_cast<std::size_t>(batch.interests[i]);
    const EmbeddingsView condition(community_.category_vectors.row(category), 16);
    ASSERT_OK_AND_ASSIGN(const Embeddings served,
                         tower.EmbedUser(FeaturesOf(Rows()[i]), condition));
    EXPECT_LT(LargestDifference(users, static_cast<std::int64_t>(i), served.row(0)), 1e-5F);
  }
}

TEST_F(TwoTowerNetTest, UsersWithoutAConditionEqualThoseThatAreServed) {
  const torch::Tensor users = net_->Forward(BatchOf(kPlain)).users;
  const TwoTower tower = Serving();
  for (std::size_t i = 0; i < Rows().size(); ++i) {
    ASSERT_OK_AND_ASSIGN(const Embeddings served, tower.EmbedUserPlain(FeaturesOf(Rows()[i])));
    EXPECT_LT(LargestDifference(users, static_cast<std::int64_t>(i), served.row(0)), 1e-5F);
  }
}

// With item ids and attention heads over the history; some items are beyond the vocabulary.
class AttentionNetTest : public TwoTowerNetTest {
 protected:
  AttentionNetTest() { UseModel({.text = 16, .item_id = 8, .history_heads = 2}); }

  static constexpr TrainOptions kPlainWithIds{
      .item_id = 8, .unconditioned_share = 1, .feature_dropout = 0};
};

TEST_F(AttentionNetTest, ItemsEqualThoseThatAreServed) {
  const Batch batch = BatchOf(kPlainWithIds);
  const torch::Tensor items = net_->Forward(batch).items;
  const Embeddings served = Serving().EmbedItems();
  for (std::size_t i = 0; i < batch.scored; ++i) {
    const auto item = static_cast<std::size_t>(batch.items[i]);
    EXPECT_LT(LargestDifference(items, static_cast<std::int64_t>(i), served.row(item)), 1e-5F);
  }
}

TEST_F(AttentionNetTest, UsersEqualThoseThatAreServed) {
  const torch::Tensor users = net_->Forward(BatchOf(kPlainWithIds)).users;
  const TwoTower tower = Serving();
  for (std::size_t i = 0; i < Rows().size(); ++i) {
    ASSERT_OK_AND_ASSIGN(const Embeddings served, tower.EmbedUserPlain(FeaturesOf(Rows()[i])));
    EXPECT_LT(LargestDifference(users, static_cast<std::int64_t>(i), served.row(0)), 1e-5F);
  }
}

TEST_F(AttentionNetTest, TheGradientOfTheAttentionMatchesFiniteDifferences) {
  TrainOptions options = kPlainWithIds;
  options.temperature = 1;
  options.softmax_weight = 1;
  options.softmax_negatives = 20;
  const Batch batch = BatchOf(options);
  net_->LossOf(batch, options).total.backward();
  const torch::Tensor weight = net_->parameters().at("history.recency");
  const float gradient = weight.grad()[1][0].item<float>();
  const torch::NoGradGuard no_grad;
  constexpr float kStep = 3e-2F;
  weight[1][0] += kStep;
  const float above = net_->LossOf(batch, options).total.item<float>();
  weight[1][0] -= 2 * kStep;
  const float below = net_->LossOf(batch, options).total.item<float>();
  ASSERT_GT(std::abs(gradient), 1e-4F);
  EXPECT_NEAR(gradient, (above - below) / (2 * kStep), 1e-4 + 0.05 * std::abs(gradient));
}

TEST_F(AttentionNetTest, ARowWithoutAHistoryIsFine) {
  TrainOptions options = kPlainWithIds;
  const BatchSampler sampler(community_.data, *community_.catalog, *features_,
                             model_.description.vocabulary, options);
  const Batch batch = sampler.Sample(Rows().first(1), Rng(3));
  ASSERT_TRUE(batch.history.empty());
  EXPECT_TRUE(std::isfinite(net_->LossOf(batch, options).total.item<float>()));
}

TEST_F(AttentionNetTest, DropoutChangesTheUsersAndNotTheItems) {
  TrainOptions options = kPlainWithIds;
  options.dropout = 0.5F;
  const Batch batch = BatchOf(options);
  const BatchVectors whole = net_->Forward(batch);
  const BatchVectors dropped = net_->Forward(batch, options.dropout);
  EXPECT_TRUE(whole.items.equal(dropped.items));
  EXPECT_FALSE(whole.users.equal(dropped.users));
}

TEST_F(TwoTowerNetTest, TheGradientOfTheLossMatchesFiniteDifferences) {
  const Batch batch = BatchOf(kConditioned);
  const TrainOptions options{.temperature = 1, .interest_weight = 1};
  net_->LossOf(batch, options).total.backward();
  const torch::Tensor weight = net_->parameters().at("user.output.bias");
  const float gradient = weight.grad()[3].item<float>();
  const torch::NoGradGuard no_grad;
  constexpr float kStep = 1e-2F;
  weight[3] += kStep;
  const float above = net_->LossOf(batch, options).total.item<float>();
  weight[3] -= 2 * kStep;
  const float below = net_->LossOf(batch, options).total.item<float>();
  EXPECT_NEAR(gradient, (above - below) / (2 * kStep), 1e-3 + 0.05 * std::abs(gradient));
}

TEST_F(TwoTowerNetTest, UsersWithoutAnyHistoryAreFine) {
  const BatchSampler sampler(community_.data, *community_.catalog, *features_,
                             model_.description.vocabulary, kConditioned);
  const Batch batch = sampler.Sample(Rows().first(1), Rng(3));
  ASSERT_TRUE(batch.history.empty());
  const Loss loss = net_->LossOf(batch, kConditioned);
  loss.total.backward();
  EXPECT_TRUE(std::isfinite(loss.total.item<float>()));
}

}  // namespace
}  // namespace twohop::towers_internal
