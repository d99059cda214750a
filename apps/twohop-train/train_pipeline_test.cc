#include "apps/twohop-train/train_pipeline.h"

#include <functional>
#include <string>
#include <utility>

#include "apps/common/workspace_catalog.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/eventlog/rocksdb_event_log.h"
#include "twohop/towers/embedding_file.h"
#include "twohop/towers/model_file.h"
#include "twohop/towers/testing/random_model.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop::app {
namespace {

constexpr std::size_t kItems = 40;
constexpr std::size_t kText = 8;

// Calls back at each step of training.
class StepProgress final : public Progress {
 public:
  explicit StepProgress(std::function<void()> on_step) : on_step_(std::move(on_step)) {}

  std::unique_ptr<ProgressStage> Begin(std::string_view label, std::uint64_t) override {
    return std::make_unique<Stage>(label == "train two-tower" ? on_step_ : [] {});
  }

 private:
  class Stage final : public ProgressStage {
   public:
    explicit Stage(std::function<void()> on_step) : on_step_(std::move(on_step)) {}
    void Update(std::uint64_t) override { on_step_(); }
    void Note(std::string_view) override {}

   private:
    std::function<void()> on_step_;
  };

  std::function<void()> on_step_;
};

// A workspace as `twohop import` and `twohop embed` leave it: 8 categories, 40 items, 12 users.
class TrainPipelineTest : public testing::Test {
 protected:
  TrainPipelineTest() {
    WriteCatalog();
    AppendEvents("first", /*clicks=*/10);
    WriteProfiles();
    WriteCategoryVectors();
  }

  void WriteCatalog() {
    std::string taxonomy = "id\tlevel1\tlevel2\tlevel3\n";
    for (int i = 0; i < 8; ++i) {
      taxonomy += "c" + std::to_string(i) + "\tTop " + std::to_string(i / 4) + "\tMiddle " +
                  std::to_string(i / 2) + "\tCategory " + std::to_string(i) + "\n";
    }
    std::string items;
    for (std::size_t i = 0; i < kItems; ++i) {
      items += R"({"id":"i)" + std::to_string(i) + R"(","title":"Item","category":"c)" +
               std::to_string(i % 8) + R"(","brand":"b)" + std::to_string(i % 3) + "\"}\n";
    }
    ASSERT_THAT(WriteFileAtomically(workspace_.taxonomy(), taxonomy), IsOk());
    ASSERT_THAT(WriteFileAtomically(workspace_.items(), items), IsOk());
  }

  // Each user sees items and clicks them in turn.
  void AppendEvents(const std::string& batch, std::size_t clicks) {
    ASSERT_OK_AND_ASSIGN(const auto log,
                         OpenRocksDbEventLog(workspace_.event_log(), OpenMode::kReadWrite));
    std::vector<Event> events;
    for (std::size_t click = 0; click < clicks; ++click) {
      for (std::size_t user = 0; user < 12; ++user) {
        const std::string number = std::to_string(events.size());
        events.push_back({.id = EventId(batch + number),
                          .user = UserId("u" + std::to_string(user)),
                          .type = EventType::kClick,
                          .time = TimePoint(Milliseconds(1000 * (click + 1) + user)),
                          .item = ItemId("i" + std::to_string((user * 7 + click * 3) % kItems))});
      }
    }
    events.push_back({.id = EventId(batch + "unknown"),
                      .user = UserId("u0"),
                      .type = EventType::kClick,
                      .time = TimePoint(Milliseconds(500)),
                      .item = ItemId("no such item")});
    ASSERT_THAT(log->Append(events), IsOk());
  }

  void WriteProfiles() {
    ASSERT_OK_AND_ASSIGN(const auto states,
                         OpenUserStateStore(workspace_.user_states(), OpenMode::kReadWrite));
    const UserProfile profile{.id = UserId("u1"), .age_group = "25-34", .gender = "female"};
    ASSERT_THAT(states->PutProfiles({&profile, 1}), IsOk());
  }

  void WriteCategoryVectors(std::uint64_t seed = 1) {
    ASSERT_OK_AND_ASSIGN(const auto catalog, LoadWorkspaceCatalog(workspace_));
    const EmbeddingFile file{.vectors = MakeRandomVectors(8, kText, seed),
                             .encoder = kTestEncoder,
                             .source = catalog->taxonomy().fingerprint()};
    ASSERT_THAT(SaveEmbeddingFile(workspace_.category_embeddings(), file), IsOk());
  }

  // 8 batches in all, a second each.
  static TrainOptions SmallOptions() {
    return {.dim = 8,
            .brand_buckets = 16,
            .tag_buckets = 16,
            .batch_size = 32,
            .threads = 1,
            .checkpoint_every = 0};
  }

  Result<std::optional<TrainReport>> Train(const TrainOptions& options = SmallOptions(),
                                           Resume resume = Resume::kIfPossible) {
    std::stop_source stop;
    std::size_t steps = 0;
    StepProgress progress([&] {
      clock_.Advance(Milliseconds(1000));
      if (++steps == stop_after_) stop.request_stop();
    });
    return TrainWorkspace(workspace_, options, resume, clock_, progress, stop.get_token());
  }

  void ExpectTrained(const Result<std::optional<TrainReport>>& result, std::size_t resumed_at) {
    ASSERT_THAT(result, IsOk());
    ASSERT_TRUE(result->has_value()) << "was up to date";
    EXPECT_EQ((*result)->summary.resumed_at, resumed_at);
  }

  void ExpectUpToDate(const Result<std::optional<TrainReport>>& result) {
    ASSERT_THAT(result, IsOk());
    EXPECT_FALSE(result->has_value());
  }

  void Interrupt() {
    stop_after_ = 3;
    ASSERT_THAT(Train(), FailsWith(ErrorCode::kCancelled, "after 3 of"));
    stop_after_ = 0;
  }

  TempDir dir_;
  Workspace workspace_{dir_.path()};
  ManualClock clock_;
  std::size_t stop_after_ = 0;
};

TEST_F(TrainPipelineTest, TrainsAModelThatLoads) {
  ExpectTrained(Train(), /*resumed_at=*/0);
  ASSERT_OK_AND_ASSIGN(const Model model, LoadModel(workspace_.model()));
  EXPECT_EQ(model.description.text_encoder, kTestEncoder);
  EXPECT_THAT(model.description.vocabulary.age_groups.names(), testing::ElementsAre("25-34"));
}

TEST_F(TrainPipelineTest, WritesAReport) {
  ASSERT_THAT(Train(), IsOk());
  ASSERT_OK_AND_ASSIGN(const std::string text,
                       ReadFile(workspace_.model() / "training_report.json"));
  ASSERT_OK_AND_ASSIGN(const Json report, ParseJson(text));
  EXPECT_EQ(report["training"]["epochs"].size(), 2U);
  EXPECT_GT(report["evaluation"]["rows"], 0);
  ASSERT_OK_AND_ASSIGN(const std::string curves,
                       ReadFile(workspace_.model() / "training_report.svg"));
  EXPECT_THAT(curves, testing::HasSubstr("polyline"));
}

TEST_F(TrainPipelineTest, ClicksForValidationComeBeforeThoseHeldOut) {
  TrainOptions options = SmallOptions();
  options.validation_share = 0.1;
  options.patience = 1;
  ASSERT_OK_AND_ASSIGN(const auto report, Train(options));
  ASSERT_TRUE(report.has_value());
  EXPECT_GT(report->summary.best_epoch, 0U);
  EXPECT_TRUE(report->summary.epochs[0].validation.has_value());
  EXPECT_GT(report->evaluation.rows, 0U);
}

TEST_F(TrainPipelineTest, ASecondRunIsUpToDate) {
  ASSERT_THAT(Train(), IsOk());
  ExpectUpToDate(Train());
}

TEST_F(TrainPipelineTest, NewEventsAreTrainedOn) {
  ASSERT_THAT(Train(), IsOk());
  AppendEvents("second", /*clicks=*/1);
  ExpectTrained(Train(), 0);
}

TEST_F(TrainPipelineTest, OtherTextVectorsAreTrainedOn) {
  ASSERT_THAT(Train(), IsOk());
  WriteCategoryVectors(/*seed=*/2);
  ExpectTrained(Train(), 0);
}

TEST_F(TrainPipelineTest, OtherOptionsAreTrainedWith) {
  ASSERT_THAT(Train(), IsOk());
  TrainOptions other = SmallOptions();
  other.seed = 9;
  ExpectTrained(Train(other), 0);
}

TEST_F(TrainPipelineTest, AHalfWrittenModelIsTrainedAgain) {
  ASSERT_THAT(Train(), IsOk());
  std::filesystem::remove(ModelDescriptionFile(workspace_.model()));
  ExpectTrained(Train(), 0);
}

TEST_F(TrainPipelineTest, AnInterruptedRunGoesOnWhereItStopped) {
  Interrupt();
  ExpectTrained(Train(), /*resumed_at=*/3);
  EXPECT_FALSE(std::filesystem::exists(CheckpointFile(workspace_)));
}

TEST_F(TrainPipelineTest, ACheckpointOfOtherInputsIsReplaced) {
  Interrupt();
  AppendEvents("second", /*clicks=*/1);
  ExpectTrained(Train(), 0);
}

TEST_F(TrainPipelineTest, ADamagedCheckpointIsReplaced) {
  Interrupt();
  ASSERT_THAT(WriteFileAtomically(CheckpointFile(workspace_), "junk"), IsOk());
  ExpectTrained(Train(), 0);
}

TEST_F(TrainPipelineTest, ADamagedCheckpointThatMustBeResumedIsAnError) {
  Interrupt();
  ASSERT_THAT(WriteFileAtomically(CheckpointFile(workspace_), "junk"), IsOk());
  EXPECT_THAT(Train(SmallOptions(), Resume::kRequired),
              FailsWith(ErrorCode::kDataLoss, "checkpoint.bin"));
}

TEST_F(TrainPipelineTest, NothingToResumeIsAFailedPrecondition) {
  EXPECT_THAT(Train(SmallOptions(), Resume::kRequired),
              FailsWith(ErrorCode::kFailedPrecondition, "no unfinished training"));
}

TEST_F(TrainPipelineTest, AModelThatTheTimeLimitEndedIsServedAndCanBeFinished) {
  TrainOptions hasty = SmallOptions();
  hasty.time_limit = std::chrono::seconds(3);
  ExpectTrained(Train(hasty), 0);
  EXPECT_THAT(LoadModel(workspace_.model()), IsOk());
  ExpectUpToDate(Train());
  ExpectTrained(Train(SmallOptions(), Resume::kRequired), /*resumed_at=*/3);
}

TEST_F(TrainPipelineTest, WithoutTextVectorsTheMessageSaysWhatToRun) {
  std::filesystem::remove(workspace_.category_embeddings());
  EXPECT_THAT(Train(), FailsWith(ErrorCode::kFailedPrecondition, "run `twohop embed`"));
}

TEST_F(TrainPipelineTest, TextVectorsOfAnotherTaxonomyAreAFailedPrecondition) {
  const EmbeddingFile other{
      .vectors = MakeRandomVectors(8, kText), .encoder = kTestEncoder, .source = 1};
  ASSERT_THAT(SaveEmbeddingFile(workspace_.category_embeddings(), other), IsOk());
  EXPECT_THAT(Train(), FailsWith(ErrorCode::kFailedPrecondition, "another taxonomy"));
}

TEST_F(TrainPipelineTest, WithoutACatalogueTheMessageSaysWhatToRun) {
  std::filesystem::remove(workspace_.items());
  EXPECT_THAT(Train(), FailsWith(ErrorCode::kFailedPrecondition, "run `twohop import`"));
}

TEST_F(TrainPipelineTest, AnInvalidOptionIsRejectedBeforeAnythingIsRead) {
  std::filesystem::remove(workspace_.items());
  TrainOptions options = SmallOptions();
  options.epochs = 0;
  EXPECT_THAT(Train(options), FailsWith(ErrorCode::kInvalidArgument, "epochs"));
}

TEST_F(TrainPipelineTest, ARunOfLessThanAnEpochTellsNoLoss) {
  TrainOptions hasty = SmallOptions();
  hasty.time_limit = std::chrono::seconds(1);
  ASSERT_OK_AND_ASSIGN(const auto report, Train(hasty));
  EXPECT_THAT(DescribeTraining(*report), testing::Not(testing::HasSubstr("loss")));
}

TEST_F(TrainPipelineTest, TheDescriptionTellsRecallAndMeaning) {
  ASSERT_OK_AND_ASSIGN(const auto report, Train());
  EXPECT_THAT(DescribeTraining(*report),
              testing::AllOf(testing::HasSubstr("under its category"),
                             testing::HasSubstr("another user, same interest")));
}

}  // namespace
}  // namespace twohop::app
