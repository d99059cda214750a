#include "twohop/towers/two_tower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/towers/model_file.h"
#include "twohop/towers/testing/random_model.h"

namespace twohop {
namespace {

constexpr std::size_t kText = 12;
constexpr TowerDims kDims{.text = kText, .output = 8, .hidden = 16};

std::vector<float> Row(const Embeddings& vectors, std::size_t row) {
  return {vectors.row(row).begin(), vectors.row(row).end()};
}

class TwoTowerTest : public testing::Test {
 protected:
  TwoTowerTest() { tower_.emplace(Bind(*catalog_, vectors_)); }

  TwoTower Bind(const Catalog& catalog, EmbeddingsView vectors) const {
    auto tower = TwoTower::FromModel(model_, catalog, vectors, kTestEncoder);
    EXPECT_THAT(tower, IsOk());
    return *std::move(tower);
  }

  static UserFeatures Woman(std::vector<std::uint32_t> history) {
    UserFeatures user{.age_group = "25-34", .gender = "female"};
    for (const std::uint32_t item : history) user.history.emplace_back(item);
    return user;
  }

  // The user under the first two categories' text vectors.
  Embeddings UnderTwo(const UserFeatures& user) const {
    auto vectors = tower_->EmbedUser(user, {vectors_.data().first(2 * kText), kText});
    EXPECT_THAT(vectors, IsOk());
    return *std::move(vectors);
  }

  Embeddings Plain(const UserFeatures& user) const {
    auto vectors = tower_->EmbedUserPlain(user);
    EXPECT_THAT(vectors, IsOk());
    return *std::move(vectors);
  }

  TempDir dir_;
  std::shared_ptr<const Catalog> catalog_ = MakeGridCatalog(/*level1=*/2, /*items=*/60);
  Embeddings vectors_ = MakeRandomVectors(8, kText);
  Model model_ = MakeRandomModel(catalog_->taxonomy(), kDims);
  std::optional<TwoTower> tower_;
};

MATCHER(HasRowsOfNormOne, "") {
  for (std::size_t i = 0; i < arg.rows(); ++i) {
    if (std::abs(Dot(arg.row(i), arg.row(i)) - 1.0F) > 1e-5F) return false;
  }
  return arg.rows() > 0;
}

TEST_F(TwoTowerTest, ItemsAndUsersHaveNormOne) {
  EXPECT_EQ(tower_->EmbedItems().rows(), 60U);
  EXPECT_THAT(tower_->EmbedItems(), HasRowsOfNormOne());
  EXPECT_THAT(UnderTwo(Woman({3, 4})), HasRowsOfNormOne());
  EXPECT_THAT(Plain(Woman({})), HasRowsOfNormOne());
}

TEST_F(TwoTowerTest, SaysItsDimensions) {
  EXPECT_EQ(tower_->dim(), 8U);
  EXPECT_EQ(tower_->text_dim(), kText);
}

TEST_F(TwoTowerTest, RowsFollowTheConditions) {
  const Embeddings both = UnderTwo(Woman({3, 4}));
  ASSERT_EQ(both.rows(), 2U);
  ASSERT_OK_AND_ASSIGN(const Embeddings second,
                       tower_->EmbedUser(Woman({3, 4}), {vectors_.row(1), kText}));
  EXPECT_THAT(Row(second, 0), testing::Pointwise(testing::FloatNear(1e-5F), Row(both, 1)));
  EXPECT_NE(Row(both, 0), Row(both, 1));
}

TEST_F(TwoTowerTest, NoConditionsGiveNoRows) {
  ASSERT_OK_AND_ASSIGN(const Embeddings none, tower_->EmbedUser(Woman({1}), {}));
  EXPECT_EQ(none.rows(), 0U);
}

TEST_F(TwoTowerTest, EqualInputsGiveBitIdenticalOutput) {
  EXPECT_EQ(Row(UnderTwo(Woman({1, 2})), 1), Row(UnderTwo(Woman({1, 2})), 1));
}

TEST_F(TwoTowerTest, EveryFeatureOfAUserMatters) {
  UserFeatures older = Woman({1, 2});
  older.age_group = "18-24";
  UserFeatures man = Woman({1, 2});
  man.gender = "male";
  EXPECT_NE(Row(Plain(Woman({1, 2})), 0), Row(Plain(older), 0));
  EXPECT_NE(Row(Plain(Woman({1, 2})), 0), Row(Plain(man), 0));
  EXPECT_NE(Row(Plain(Woman({1, 2})), 0), Row(Plain(Woman({1, 3})), 0));
}

TEST_F(TwoTowerTest, UnknownProfileValuesCountAsNotKnown) {
  UserFeatures odd = Woman({1});
  odd.age_group = "between jobs";
  UserFeatures silent = Woman({1});
  silent.age_group = "";
  EXPECT_EQ(Row(Plain(odd), 0), Row(Plain(silent), 0));
}

TEST_F(TwoTowerTest, ClicksBeyondTheWindowAreIgnored) {
  std::vector<std::uint32_t> window(model_.description.history_window, 7);
  std::vector<std::uint32_t> longer = window;
  longer.push_back(3);
  EXPECT_EQ(Row(Plain(Woman(window)), 0), Row(Plain(Woman(longer)), 0));
}

TEST_F(TwoTowerTest, AHistoryItemOutsideTheCatalogueIsRejected) {
  EXPECT_THAT(tower_->EmbedUserPlain(Woman({60})),
              FailsWith(ErrorCode::kInvalidArgument, "history item 60"));
  EXPECT_THAT(tower_->EmbedUser(Woman({60}), {vectors_.row(0), kText}),
              FailsWith(ErrorCode::kInvalidArgument, "history item 60"));
}

TEST_F(TwoTowerTest, AConditionOfAnotherDimensionIsRejected) {
  EXPECT_THAT(tower_->EmbedUser(Woman({}), {vectors_.row(0), kText / 2}),
              FailsWith(ErrorCode::kInvalidArgument, "6 components"));
}

TEST_F(TwoTowerTest, ItemsOfUnseenCategoriesArePlacedByTheirText) {
  const auto larger = MakeGridCatalog(/*level1=*/3, /*items=*/12);
  const TwoTower tower = Bind(*larger, MakeRandomVectors(12, kText, /*seed=*/5));
  EXPECT_THAT(tower.EmbedItems(), HasRowsOfNormOne());
}

TEST_F(TwoTowerTest, ASavedModelGivesTheSameVectors) {
  ASSERT_THAT(SaveModel(dir_.path(), model_), IsOk());
  ASSERT_OK_AND_ASSIGN(const TwoTower loaded,
                       TwoTower::Load(dir_.path(), catalog_, vectors_, kTestEncoder));
  EXPECT_TRUE(std::ranges::equal(loaded.EmbedItems().data(), tower_->EmbedItems().data()));
}

TEST_F(TwoTowerTest, AFolderWithoutAModelIsNotFound) {
  EXPECT_THAT(TwoTower::Load(dir_.path(), catalog_, vectors_, kTestEncoder),
              FailsWith(ErrorCode::kNotFound, "model.json"));
}

TEST_F(TwoTowerTest, AnotherTextEncoderIsAFailedPrecondition) {
  EXPECT_THAT(TwoTower::FromModel(model_, *catalog_, vectors_, "other"),
              FailsWith(ErrorCode::kFailedPrecondition, "other"));
}

TEST_F(TwoTowerTest, AnotherTextDimensionIsAFailedPrecondition) {
  EXPECT_THAT(TwoTower::FromModel(model_, *catalog_, MakeRandomVectors(8, 5), kTestEncoder),
              FailsWith(ErrorCode::kFailedPrecondition, "12 components, these have 5"));
}

TEST_F(TwoTowerTest, VectorsOfAnotherTaxonomyAreRejected) {
  EXPECT_THAT(TwoTower::FromModel(model_, *catalog_, MakeRandomVectors(7, kText), kTestEncoder),
              FailsWith(ErrorCode::kInvalidArgument, "7 category vectors"));
}

class AttentiveTowerTest : public TwoTowerTest {
 protected:
  AttentiveTowerTest() {
    TowerDims dims = kDims;
    dims.item_id = 4;
    dims.history_heads = 2;
    model_ = MakeRandomModel(catalog_->taxonomy(), dims);
    tower_.emplace(Bind(*catalog_, vectors_));
  }
};

TEST_F(AttentiveTowerTest, ItemsAndUsersHaveNormOne) {
  EXPECT_THAT(tower_->EmbedItems(), HasRowsOfNormOne());
  EXPECT_THAT(UnderTwo(Woman({3, 4})), HasRowsOfNormOne());
  EXPECT_THAT(Plain(Woman({})), HasRowsOfNormOne());
}

TEST_F(AttentiveTowerTest, TheOrderOfTheHistoryMatters) {
  const Embeddings one = Plain(Woman({3, 4}));
  const Embeddings other = Plain(Woman({4, 3}));
  EXPECT_LT(Dot(one.row(0), other.row(0)), 0.999F);
}

TEST_F(TwoTowerTest, TheOrderOfTheHistoryDoesNotMatterToItsMean) {
  const Embeddings one = Plain(Woman({3, 4}));
  const Embeddings other = Plain(Woman({4, 3}));
  EXPECT_GT(Dot(one.row(0), other.row(0)), 0.9999F);
}

TEST_F(AttentiveTowerTest, TheRowOfItemsThatTrainingDidNotSeeMovesThoseAlone) {
  model_.description.vocabulary.items = Vocabulary({"i5"});
  Tensor& table = model_.weights.at("item_id.table");
  table.shape[0] = 2;
  table.data.resize(2 * 4);
  const Embeddings before = Bind(*catalog_, vectors_).EmbedItems();
  table.data[0] += 1;  // Of the unknown row.
  const Embeddings after = Bind(*catalog_, vectors_).EmbedItems();
  EXPECT_GT(Dot(before.row(5), after.row(5)), 0.99999F);
  EXPECT_LT(Dot(before.row(6), after.row(6)), 0.9999F);
}

}  // namespace
}  // namespace twohop
