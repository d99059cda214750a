#include "twohop/towers/training/trainer.h"

#include <algorithm>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/towers/testing/random_model.h"
#include "twohop/towers/training/testing/planted_community.h"
#include "twohop/towers/two_tower.h"

namespace twohop {
namespace {

// Calls back at each step; the only place where a test can step in during a run.
class StepProgress final : public Progress {
 public:
  explicit StepProgress(std::function<void(std::uint64_t)> on_step)
      : on_step_(std::move(on_step)) {}

  std::unique_ptr<ProgressStage> Begin(std::string_view, std::uint64_t) override {
    return std::make_unique<Stage>(on_step_);
  }

 private:
  class Stage final : public ProgressStage {
   public:
    explicit Stage(const std::function<void(std::uint64_t)>& on_step) : on_step_(on_step) {}
    void Update(std::uint64_t done) override { on_step_(done); }
    void Note(std::string_view) override {}

   private:
    const std::function<void(std::uint64_t)>& on_step_;
  };

  std::function<void(std::uint64_t)> on_step_;
};

class TrainerTest : public testing::Test {
 protected:
  // 8 batches in all.
  static TrainOptions SmallOptions() {
    return {.dim = 8,
            .brand_buckets = 32,
            .tag_buckets = 32,
            .epochs = 2,
            .batch_size = 48,
            .threads = 1,
            .checkpoint_every = 0};
  }

  Result<TrainedModel> Train(const TrainOptions& options, StartFrom start = StartFrom::kScratch) {
    StepProgress progress([this](std::uint64_t step) {
      if (step == stop_after_) stop_.request_stop();
      clock_.Advance(Milliseconds(1000));
    });
    const TrainingInput input{*community_.catalog, community_.category_vectors, kTestEncoder,
                              community_.data};
    return TrainTwoTower(input, options, checkpoint_, start, clock_, progress, stop_.get_token());
  }

  TensorMap WeightsOf(const TrainOptions& options, StartFrom start = StartFrom::kScratch) {
    auto trained = Train(options, start);
    EXPECT_THAT(trained, IsOk());
    return trained.has_value() ? std::move(trained->model.weights) : TensorMap{};
  }

  void StopAfter(std::uint64_t step, const TrainOptions& options) {
    stop_after_ = step;
    EXPECT_THAT(Train(options), FailsWith(ErrorCode::kCancelled, "of 8 batches"));
    stop_after_ = 0;
    stop_ = {};
  }

  void DamageCheckpoint() {
    ASSERT_OK_AND_ASSIGN(std::string bytes, ReadFile(checkpoint_));
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    ASSERT_THAT(WriteFileAtomically(checkpoint_, bytes), IsOk());
  }

  PlantedCommunity community_ = MakePlantedCommunity(
      {.items = 60, .users = 20, .clicks_per_user = 12, .text_dim = 8, .heldout_share = 0});
  TempDir dir_;
  std::filesystem::path checkpoint_ = dir_.path() / "checkpoint.bin";
  ManualClock clock_;
  std::stop_source stop_;
  std::uint64_t stop_after_ = 0;
};

TEST_F(TrainerTest, EqualSeedsGiveEqualWeights) {
  EXPECT_EQ(WeightsOf(SmallOptions()), WeightsOf(SmallOptions()));
}

TEST_F(TrainerTest, EqualSeedsGiveEqualWeightsOnTwoThreads) {
  TrainOptions options = SmallOptions();
  options.threads = 2;
  EXPECT_EQ(WeightsOf(options), WeightsOf(options));
}

TEST_F(TrainerTest, AnotherSeedGivesOtherWeights) {
  TrainOptions other = SmallOptions();
  other.seed = 2;
  EXPECT_NE(WeightsOf(SmallOptions()), WeightsOf(other));
}

TEST_F(TrainerTest, ARunThatWasStoppedAndResumedEqualsOneThatWasNot) {
  const TensorMap whole = WeightsOf(SmallOptions());
  StopAfter(3, SmallOptions());
  EXPECT_EQ(WeightsOf(SmallOptions(), StartFrom::kCheckpoint), whole);
}

TEST_F(TrainerTest, ARunThatDiedContinuesFromItsLastCheckpoint) {
  TrainOptions options = SmallOptions();
  const TensorMap whole = WeightsOf(options);
  options.checkpoint_every = 5;  // The last one written is that of step 5: as after a crash.
  ASSERT_THAT(Train(options), IsOk());
  ASSERT_OK_AND_ASSIGN(const TrainedModel resumed, Train(options, StartFrom::kCheckpoint));
  EXPECT_EQ(resumed.summary.resumed_at, 5U);
  EXPECT_EQ(resumed.model.weights, whole);
}

TEST_F(TrainerTest, AResumedRunReportsTheLossesOfTheWholeRun) {
  ASSERT_OK_AND_ASSIGN(const TrainedModel whole, Train(SmallOptions()));
  StopAfter(5, SmallOptions());
  ASSERT_OK_AND_ASSIGN(const TrainedModel resumed, Train(SmallOptions(), StartFrom::kCheckpoint));
  ASSERT_EQ(resumed.summary.epochs.size(), 2U);
  EXPECT_EQ(resumed.summary.epochs[0].click, whole.summary.epochs[0].click);
  EXPECT_EQ(resumed.summary.epochs[1].interest, whole.summary.epochs[1].interest);
}

TEST_F(TrainerTest, MoreEpochsContinueAFinishedRun) {
  TrainOptions options = SmallOptions();
  options.epochs = 3;
  const TensorMap three = WeightsOf(options);
  options.epochs = 2;
  options.checkpoint_every = 1;
  ASSERT_THAT(Train(options), IsOk());
  options.epochs = 3;
  EXPECT_EQ(WeightsOf(options, StartFrom::kCheckpoint), three);
}

TEST_F(TrainerTest, WithoutACheckpointResumingStartsFromScratch) {
  EXPECT_EQ(WeightsOf(SmallOptions(), StartFrom::kCheckpoint), WeightsOf(SmallOptions()));
}

TEST_F(TrainerTest, ACheckpointOfOtherOptionsIsNotResumed) {
  StopAfter(3, SmallOptions());
  TrainOptions other = SmallOptions();
  other.temperature = 0.2F;
  EXPECT_THAT(Train(other, StartFrom::kCheckpoint),
              FailsWith(ErrorCode::kFailedPrecondition, "other inputs or options"));
}

TEST_F(TrainerTest, ADamagedCheckpointIsDataLossAndNamesTheFile) {
  StopAfter(3, SmallOptions());
  DamageCheckpoint();
  EXPECT_THAT(Train(SmallOptions(), StartFrom::kCheckpoint),
              FailsWith(ErrorCode::kDataLoss, "checkpoint.bin"));
}

TEST_F(TrainerTest, AFileThatIsNoCheckpointIsDataLoss) {
  ASSERT_THAT(SaveTensorFile(checkpoint_, {"", {}}), IsOk());
  EXPECT_THAT(Train(SmallOptions(), StartFrom::kCheckpoint),
              FailsWith(ErrorCode::kDataLoss, "not a checkpoint"));
}

TEST_F(TrainerTest, FromScratchIgnoresADamagedCheckpoint) {
  StopAfter(3, SmallOptions());
  DamageCheckpoint();
  EXPECT_THAT(Train(SmallOptions()), IsOk());
}

TEST_F(TrainerTest, ACheckpointThatCannotBeWrittenIsReported) {
  checkpoint_ = "/proc/nowhere/checkpoint.bin";
  stop_.request_stop();
  EXPECT_THAT(Train(SmallOptions()), FailsWith(ErrorCode::kUnavailable, "/proc/nowhere"));
}

TEST_F(TrainerTest, TheTimeLimitEndsTrainingEarlyWithAModel) {
  TrainOptions options = SmallOptions();
  options.time_limit = std::chrono::seconds(3);
  ASSERT_OK_AND_ASSIGN(const TrainedModel trained, Train(options));
  EXPECT_EQ(trained.summary.steps, 3U);
  EXPECT_EQ(trained.summary.planned_steps, 8U);
  EXPECT_THAT(CheckWeights(trained.model), IsOk());
}

TEST_F(TrainerTest, ARunThatRanOutOfTimeCanBeResumed) {
  TrainOptions options = SmallOptions();
  const TensorMap whole = WeightsOf(options);
  options.time_limit = std::chrono::seconds(5);
  ASSERT_THAT(Train(options), IsOk());
  EXPECT_EQ(WeightsOf(options, StartFrom::kCheckpoint), whole);
}

TEST_F(TrainerTest, TheModelSaysWhatItWasTrainedWith) {
  ASSERT_OK_AND_ASSIGN(const TrainedModel trained, Train(SmallOptions()));
  const ModelDescription& description = trained.model.description;
  EXPECT_EQ(description.text_encoder, kTestEncoder);
  EXPECT_EQ(description.dims.text, 8U);
  EXPECT_EQ(description.dims.output, 8U);
  EXPECT_THAT(description.vocabulary.genders.names(), testing::ElementsAre("female", "male"));
  EXPECT_EQ(description.training["rows"], community_.data.training_rows().size());
  EXPECT_EQ(description.training["options"]["dim"], 8);
}

TEST_F(TrainerTest, OverfitsTenExamples) {
  community_ = MakePlantedCommunity(
      {.items = 60, .users = 2, .clicks_per_user = 5, .text_dim = 8, .heldout_share = 0});
  TrainOptions options = SmallOptions();
  options.epochs = 100;
  options.feature_dropout = 0;
  ASSERT_OK_AND_ASSIGN(const TrainedModel trained, Train(options));
  EXPECT_GT(trained.summary.epochs.front().click, 0.3);
  EXPECT_LT(trained.summary.epochs.back().click, 0.15);
}

TEST_F(TrainerTest, AnInvalidOptionIsRejected) {
  EXPECT_THAT(Train({.epochs = 0}), FailsWith(ErrorCode::kInvalidArgument, "epochs"));
}

TEST_F(TrainerTest, VectorsOfAnotherTaxonomyAreRejected) {
  community_.category_vectors = MakeRandomVectors(5, 8);
  EXPECT_THAT(Train(SmallOptions()), FailsWith(ErrorCode::kInvalidArgument, "5 category vectors"));
}

TEST_F(TrainerTest, ClicksOnAnotherCatalogueAreRejected) {
  community_.catalog = MakeGridCatalog(/*level1=*/3, /*items=*/59);
  EXPECT_THAT(Train(SmallOptions()), FailsWith(ErrorCode::kInvalidArgument, "60 items"));
}

TEST_F(TrainerTest, ALossThatIsNoNumberEndsTraining) {
  TrainOptions options = SmallOptions();
  options.learning_rate = 1e20F;
  options.table_learning_rate = 1e20F;
  EXPECT_THAT(Train(options), FailsWith(ErrorCode::kFailedPrecondition, "learning rates"));
}

// Overfits, so that the validation gets worse before the epochs are over.
class EarlyStoppingTest : public TrainerTest {
 protected:
  EarlyStoppingTest() { community_ = Community(); }

  static PlantedCommunity Community() {
    return MakePlantedCommunity({.items = 60,
                                 .users = 20,
                                 .clicks_per_user = 12,
                                 .text_dim = 8,
                                 .heldout_share = 0,
                                 .validation_share = 0.2});
  }

  static TrainOptions Overfitting() {
    TrainOptions options = SmallOptions();
    options.item_id = 8;
    options.epochs = 30;
    options.patience = 2;
    return options;
  }
};

TEST_F(EarlyStoppingTest, TrainingEndsWhenThePatienceDoes) {
  ASSERT_OK_AND_ASSIGN(const TrainedModel trained, Train(Overfitting()));
  EXPECT_TRUE(trained.summary.stopped_early);
  EXPECT_TRUE(trained.summary.is_finished());
  EXPECT_EQ(trained.summary.epochs.size(), trained.summary.best_epoch + 2);
}

TEST_F(EarlyStoppingTest, TheModelHasTheWeightsOfTheBestEpoch) {
  ASSERT_OK_AND_ASSIGN(const TrainedModel stopped, Train(Overfitting()));
  TrainOptions until_best = Overfitting();
  until_best.epochs = stopped.summary.best_epoch;
  EXPECT_EQ(WeightsOf(until_best), stopped.model.weights);
}

TEST_F(EarlyStoppingTest, AResumedRunKeepsTheBestWeights) {
  ASSERT_OK_AND_ASSIGN(const TrainedModel whole, Train(Overfitting()));
  TrainOptions cut = Overfitting();
  cut.epochs = whole.summary.best_epoch + 1;
  cut.checkpoint_every = 1;
  ASSERT_THAT(Train(cut), IsOk());
  ASSERT_OK_AND_ASSIGN(const TrainedModel resumed, Train(Overfitting(), StartFrom::kCheckpoint));
  EXPECT_EQ(resumed.model.weights, whole.model.weights);
  EXPECT_EQ(resumed.summary.best_epoch, whole.summary.best_epoch);
}

TEST_F(EarlyStoppingTest, WithoutPatienceTheValidationIsOnlyWatched) {
  TrainOptions options = Overfitting();
  options.patience = 0;
  options.epochs = 2;
  ASSERT_OK_AND_ASSIGN(const TrainedModel trained, Train(options));
  EXPECT_EQ(trained.summary.best_epoch, 0U);
  EXPECT_TRUE(trained.summary.epochs[1].validation.has_value());
}

TEST_F(TrainerTest, PatienceWithoutValidationRowsIsRejected) {
  TrainOptions options = SmallOptions();
  options.patience = 1;
  EXPECT_THAT(Train(options), FailsWith(ErrorCode::kInvalidArgument, "patience"));
}

TEST_F(TrainerTest, ARunWithEverythingOnResumesAsIfItHadNotStopped) {
  TrainOptions options = SmallOptions();
  options.history_heads = 2;
  options.item_id = 4;
  options.softmax_weight = 1;
  options.softmax_negatives = 16;
  options.log_q = LogQ::kStreaming;
  options.table_optimizer = TableOptimizer::kAdam;
  options.history_dropout = 0.2;
  options.dropout = 0.3F;
  const TensorMap whole = WeightsOf(options);
  StopAfter(3, options);
  EXPECT_EQ(WeightsOf(options, StartFrom::kCheckpoint), whole);
}

TEST_F(TrainerTest, OnlyTheLossesThatWeighSomethingAreReported) {
  TrainOptions options = SmallOptions();
  options.click_weight = 0;
  options.interest_weight = 0;
  options.softmax_weight = 1;
  ASSERT_OK_AND_ASSIGN(const TrainedModel trained, Train(options));
  EXPECT_EQ(trained.summary.epochs[0].click, 0);
  EXPECT_EQ(trained.summary.epochs[0].interest, 0);
  EXPECT_GT(trained.summary.epochs[0].softmax, 0);
}

TEST_F(TrainerTest, TheCurveFallsFromTheFirstBatchToTheLast) {
  ASSERT_OK_AND_ASSIGN(const TrainedModel trained, Train(SmallOptions()));
  ASSERT_EQ(trained.summary.curve.size(), 8U);
  EXPECT_EQ(trained.summary.curve.back().step, 8U);
  EXPECT_LT(trained.summary.curve.back().loss, trained.summary.curve.front().loss);
}

TEST_F(TrainerTest, ItemsThatNobodyClickedHaveNoRow) {
  TrainOptions options = SmallOptions();
  options.item_id = 4;
  ASSERT_OK_AND_ASSIGN(const TrainedModel trained, Train(options));
  const auto counts = community_.data.click_counts();
  const auto clicked = std::ranges::count_if(counts, [](std::uint32_t count) { return count > 0; });
  EXPECT_EQ(trained.model.description.vocabulary.items.names().size(),
            static_cast<std::size_t>(clicked));
}

}  // namespace
}  // namespace twohop
