#include "twohop/towers/training/evaluation.h"

#include <gtest/gtest.h>

#include "twohop/base/clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/towers/testing/random_model.h"
#include "twohop/towers/training/testing/planted_community.h"
#include "twohop/towers/training/trainer.h"

namespace twohop {
namespace {

class EvaluationTest : public testing::Test {
 protected:
  Result<EvaluationReport> Evaluate(const Model& model, std::stop_token stop = {}) const {
    const auto tower =
        TwoTower::FromModel(model, *community_.catalog, community_.category_vectors, kTestEncoder);
    EXPECT_THAT(tower, IsOk());
    const auto progress = MakeSilentProgress();
    return EvaluateTwoTower(*tower, *community_.catalog, community_.category_vectors,
                            community_.data, {.max_rows = 100}, *progress, std::move(stop));
  }

  Model Untrained() const { return MakeRandomModel(community_.catalog->taxonomy(), {.text = 16}); }

  Model Trained() const {
    const TrainingInput input{*community_.catalog, community_.category_vectors, kTestEncoder,
                              community_.data};
    const TempDir dir;
    const auto progress = MakeSilentProgress();
    auto trained = TrainTwoTower(
        input, {.dim = 16, .brand_buckets = 64, .tag_buckets = 64, .epochs = 5, .batch_size = 128},
        dir.path() / "checkpoint.bin", StartFrom::kScratch, SystemClock(), *progress, {});
    EXPECT_THAT(trained, IsOk());
    return std::move(trained->model);
  }

  // Categories of 100 items: no user runs out of the favourite brand's.
  PlantedCommunity community_ =
      MakePlantedCommunity({.items = 1200, .users = 300, .clicks_per_user = 15});
};

TEST_F(EvaluationTest, ATrainedModelFindsWhatWasPlanted) {
  ASSERT_OK_AND_ASSIGN(const EvaluationReport report, Evaluate(Trained()));
  EXPECT_EQ(report.rows, 100U);
  // 1200 items, 100 in each category: chance within the true category is 0.1, 0.5 and 1.
  EXPECT_GT(report.conditioned[0], 0.15);
  EXPECT_GT(report.conditioned[2], 0.9);
  EXPECT_GT(report.plain[2], report.popularity[2] + 0.1);
}

TEST_F(EvaluationTest, AnotherInterestOfTheSameUserLeadsToOtherCategories) {
  ASSERT_OK_AND_ASSIGN(const EvaluationReport report, Evaluate(Trained()));
  EXPECT_GT(report.in_true_category, 0.9);
  EXPECT_GT(report.in_other_category, 0.9);
  EXPECT_LT(report.shared_between_interests, 0.5);
}

TEST_F(EvaluationTest, AnotherUserWithTheSameInterestIsLedToOtherItems) {
  ASSERT_OK_AND_ASSIGN(const EvaluationReport report, Evaluate(Trained()));
  EXPECT_GT(report.rank_in_category, report.rank_in_category_of_other_user + 0.03);
  EXPECT_LT(report.shared_between_users, 0.95);
}

TEST_F(EvaluationTest, AnUntrainedModelIsNoBetterThanChance) {
  ASSERT_OK_AND_ASSIGN(const EvaluationReport report, Evaluate(Untrained()));
  EXPECT_LT(report.conditioned[0], 0.2);
  EXPECT_NEAR(report.rank_in_category, 0.5, 0.12);
}

TEST_F(EvaluationTest, WithoutHeldOutClicksTheReportIsZeros) {
  community_ = MakePlantedCommunity({.heldout_share = 0});
  ASSERT_OK_AND_ASSIGN(const EvaluationReport report, Evaluate(Untrained()));
  EXPECT_EQ(report.rows, 0U);
  EXPECT_EQ(report.conditioned, RecallAtCutoffs{});
}

TEST_F(EvaluationTest, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(Evaluate(Untrained(), stop.get_token()), FailsWith(ErrorCode::kCancelled, "stopped"));
}

TEST_F(EvaluationTest, TheReportSaysAllRecalls) {
  EvaluationReport report;
  report.conditioned = {0.1, 0.2, 0.3};
  EXPECT_EQ(ReportToJson(report)["conditioned"]["recall@50"], 0.2);
}

}  // namespace
}  // namespace twohop
