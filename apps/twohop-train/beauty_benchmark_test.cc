#include "apps/twohop-train/beauty_benchmark.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/towers/testing/random_model.h"

namespace twohop::app {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// 30 made-up users who click items 0, 1, 2 ... in turn, each from another one on: who knows the
// last click knows the next. Items 24 to 31 are in a level-1 category of their own.
class BeautyBenchmarkTest : public testing::Test {
 protected:
  BeautyBenchmarkTest() : reviews_{.catalog = MakeGridCatalog(/*level1=*/4, /*items=*/32)} {
    for (std::uint32_t user = 0; user < 30; ++user) {
      std::vector<ItemIndex>& sequence = reviews_.sequences.emplace_back();
      for (std::uint32_t i = 0; i < 6; ++i) sequence.emplace_back((user + i) % 32);
    }
  }

  static BeautyOptions SmallOptions() {
    BeautyOptions options;
    for (TrainOptions* train : {&options.ours, &options.plain}) {
      train->dim = 8;
      train->brand_buckets = 16;
      train->tag_buckets = 16;
      train->batch_size = 32;
      train->threads = 1;
    }
    options.ours.item_id = 8;
    options.ours.history_heads = 2;
    options.ours.softmax_weight = 1;
    options.ours.softmax_negatives = 0;
    options.ours.patience = 1;
    options.seeds = 2;
    return options;
  }

  Result<BeautyReport> Run(const BeautyOptions& options = SmallOptions(),
                           const std::stop_token& stop = {}) {
    const SystemClock clock;
    const auto silent = MakeSilentProgress();
    return RunBeautyBenchmark(reviews_, options, dir_.path(), clock, *silent, stop);
  }

  TempDir dir_;
  BeautyReviews reviews_;
};

TEST_F(BeautyBenchmarkTest, EveryChannelHasARowAndWhatIsTrainedHasOneNumberASeed) {
  ASSERT_OK_AND_ASSIGN(const BeautyReport report, Run());
  std::vector<std::string> names;
  for (const BeautyScores& scores : report.scores) names.push_back(scores.name);
  EXPECT_THAT(names,
              ElementsAre("popularity", "item-to-item CF", "plain u2i, default settings", "ours"));
  EXPECT_THAT(report.scores[0].hit_rates, SizeIs(1));
  EXPECT_THAT(report.scores[3].hit_rates, SizeIs(2));
  EXPECT_THAT(report.with_true_category.novel_recalls, SizeIs(2));
}

// Users 0 to 29 aim at items 5 to 31 and 0 to 2; what popularity knows is clicks 0 to 3 of each.
TEST_F(BeautyBenchmarkTest, ItemCfFindsTheNeighbourThatPopularityDoesNot) {
  ASSERT_OK_AND_ASSIGN(const BeautyReport report, Run());
  EXPECT_GT(report.scores[1].hit_rates[0][0], 0.9);
  EXPECT_LT(report.scores[0].hit_rates[0][0], 0.5);
}

TEST_F(BeautyBenchmarkTest, NovelTargetsAreThoseOfALevel1ThatTheHistoryLacks) {
  reviews_.sequences = {
      {ItemIndex(0), ItemIndex(1), ItemIndex(2), ItemIndex(3)},   // Level 1: 0 throughout.
      {ItemIndex(0), ItemIndex(1), ItemIndex(2), ItemIndex(4)},   // New at the target.
      {ItemIndex(0), ItemIndex(1), ItemIndex(4), ItemIndex(5)}};  // New at validation: known.
  ASSERT_OK_AND_ASSIGN(const BeautyReport report, Run());
  EXPECT_EQ(report.novel_users, 1U);
}

TEST_F(BeautyBenchmarkTest, EqualSeedsGiveEqualScores) {
  ASSERT_OK_AND_ASSIGN(const BeautyReport one, Run());
  ASSERT_OK_AND_ASSIGN(const BeautyReport other, Run());
  EXPECT_EQ(one.scores[3].ndcgs, other.scores[3].ndcgs);
}

TEST_F(BeautyBenchmarkTest, AStopIsCancelled) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(Run(SmallOptions(), stop.get_token()), FailsWith(ErrorCode::kCancelled, ""));
}

TEST(BeautyReportTest, ItsTableHasTheMeanAndTheSpread) {
  BeautyReport report{.users = 10, .items = 5, .novel_users = 2};
  report.scores = {{.name = "popularity",
                    .hit_rates = {{0.1, 0.2, 0.3}},
                    .ndcgs = {{0.1, 0.1, 0.1}},
                    .novel_recalls = {0.5}},
                   {.name = "ours",
                    .hit_rates = {{0.1, 0.2, 0.3}, {0.3, 0.2, 0.3}},
                    .ndcgs = {{0.1, 0.1, 0.1}, {0.1, 0.1, 0.1}},
                    .novel_recalls = {0.5, 0.7}}};
  report.training.resize(2);
  const std::string table = BeautyToMarkdown(report);
  EXPECT_THAT(table, HasSubstr("| channel | HR@5 | NDCG@5 | HR@10 | NDCG@10 | HR@20 | NDCG@20 |"));
  EXPECT_THAT(table, HasSubstr("| popularity | 0.1000 | 0.1000 | 0.2000 |"));
  EXPECT_THAT(table, HasSubstr("| ours | 0.2000 ± 0.1414 |"));
  EXPECT_THAT(table, HasSubstr("| ours | 0.6000 ± 0.1414 |"));
  const Json json = BeautyToJson(report);
  EXPECT_THAT(json["scores"][1]["hr@5"].get<std::vector<double>>(),
              ElementsAre(DoubleEq(0.1), DoubleEq(0.3)));
}

}  // namespace
}  // namespace twohop::app
