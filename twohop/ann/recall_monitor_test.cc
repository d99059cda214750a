#include "twohop/ann/recall_monitor.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/ann/exact_index.h"
#include "twohop/ann/mutable_index.h"
#include "twohop/ann/testing/clustered_items.h"
#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

class RecallMonitorTest : public testing::Test {
 protected:
  RecallMonitorTest() : items_(MakeClusteredItems(200, 8, 1)) {
    index_ = BuildExactIndex(items_.vectors, items_.level1).value();
    queries_ = MakeQueries(items_, 3, 2);
    found_ = index_->Search(queries_, options_).value();
  }

  // All that wait.
  static std::size_t RunAll(RecallMonitor& monitor) {
    std::size_t count = 0;
    while (monitor.RunOnce().value()) ++count;
    return count;
  }

  void Offer(RecallMonitor& monitor, std::size_t times = 1) {
    for (; times > 0; --times) monitor.Offer(index_, queries_, options_, found_);
  }

  ClusteredItems items_;
  std::shared_ptr<const AnnIndex> index_;
  Embeddings queries_;
  SearchOptions options_{.k = 10, .excluded = {}};
  std::vector<std::vector<Neighbor>> found_;
};

TEST_F(RecallMonitorTest, KnowsNothingAtFirst) {
  RecallMonitor monitor;
  const RecallEstimate estimate = monitor.estimate();
  EXPECT_EQ(estimate.queries, 0);
  EXPECT_EQ(estimate.low, 0.0);
  EXPECT_EQ(estimate.high, 1.0);
  EXPECT_FALSE(monitor.RunOnce().value());
}

TEST_F(RecallMonitorTest, SearchesThatFoundAllHaveRecallOne) {
  RecallMonitor monitor({.share = 1.0});
  Offer(monitor, 2);
  EXPECT_EQ(monitor.estimate().queries, 0);  // Not on the request path.
  EXPECT_EQ(RunAll(monitor), 2);
  const RecallEstimate estimate = monitor.estimate();
  EXPECT_EQ(estimate.queries, 6);
  EXPECT_EQ(estimate.recall, 1.0);
  EXPECT_EQ(estimate.high, 1.0);
  EXPECT_LT(estimate.low, 0.8);  // Six queries prove little.
}

TEST_F(RecallMonitorTest, WhatWasMissedCounts) {
  RecallMonitor monitor({.share = 1.0});
  found_[0].resize(5);  // Half of the first query's ten,
  found_[1].clear();    // and all of the second's.
  Offer(monitor);
  RunAll(monitor);
  EXPECT_DOUBLE_EQ(monitor.estimate().recall, 0.5);
  EXPECT_LT(monitor.estimate().low, 0.5);
  EXPECT_GT(monitor.estimate().high, 0.5);
}

TEST_F(RecallMonitorTest, ExcludedPartitionsAreNotExpected) {
  RecallMonitor monitor({.share = 1.0});
  const std::vector<Level1Index> excluded = {Level1Index(0), Level1Index(1)};
  options_.excluded = excluded;
  found_ = index_->Search(queries_, options_).value();
  Offer(monitor);
  RunAll(monitor);
  EXPECT_EQ(monitor.estimate().recall, 1.0);
}

TEST_F(RecallMonitorTest, SamplesAShareAndTheSameOneForTheSameSeed) {
  RecallMonitor first({.share = 0.2, .max_waiting = 1'000, .seed = 7});
  RecallMonitor second({.share = 0.2, .max_waiting = 1'000, .seed = 7});
  Offer(first, 200);
  Offer(second, 200);
  const std::size_t sampled = RunAll(first);
  EXPECT_GT(sampled, 20);
  EXPECT_LT(sampled, 60);
  EXPECT_EQ(RunAll(second), sampled);
}

TEST_F(RecallMonitorTest, NothingIsSampledOfAShareOfZero) {
  RecallMonitor monitor({.share = 0.0});
  Offer(monitor, 50);
  EXPECT_EQ(RunAll(monitor), 0);
}

TEST_F(RecallMonitorTest, AFullQueueDropsAndCounts) {
  RecallMonitor monitor({.share = 1.0, .max_waiting = 2});
  Offer(monitor, 5);
  EXPECT_EQ(monitor.estimate().dropped, 3);
  EXPECT_EQ(RunAll(monitor), 2);
}

TEST_F(RecallMonitorTest, TheWindowForgetsTheOldest) {
  RecallMonitor monitor({.share = 1.0, .window = 3});
  const auto complete = found_;
  for (auto& neighbors : found_) neighbors.clear();
  Offer(monitor);
  found_ = complete;
  Offer(monitor);
  RunAll(monitor);
  EXPECT_EQ(monitor.estimate().queries, 3);
  EXPECT_EQ(monitor.estimate().recall, 1.0);
}

TEST_F(RecallMonitorTest, AFrozenVersionIsComparedWithItself) {
  RecallMonitor monitor({.share = 1.0});
  ASSERT_OK_AND_ASSIGN(const auto changing, BuildMutableIndex(items_.vectors, items_.level1));
  const auto frozen = changing->Freeze();
  monitor.Offer(frozen, queries_, options_, frozen->Search(queries_, options_).value());
  for (std::uint32_t item = 0; item < 200; ++item) {
    changing->Remove(std::vector<ItemIndex>{ItemIndex(item)});
  }
  RunAll(monitor);
  EXPECT_EQ(monitor.estimate().recall, 1.0);
}

TEST_F(RecallMonitorTest, AnIndexThatCannotScanIsAnErrorAndTheSampleIsGone) {
  class Opaque final : public AnnIndex {
   public:
    std::size_t size() const override { return 0; }
    std::size_t dim() const override { return 8; }
    Result<std::vector<std::vector<Neighbor>>> Search(EmbeddingsView,
                                                      const SearchOptions&) const override {
      return std::vector<std::vector<Neighbor>>();
    }
  };
  RecallMonitor monitor({.share = 1.0});
  monitor.Offer(std::make_shared<const Opaque>(), queries_, options_, found_);
  EXPECT_THAT(monitor.RunOnce(), FailsWith(ErrorCode::kUnimplemented, "exhaustively"));
  EXPECT_FALSE(monitor.RunOnce().value());
}

TEST(RecallMonitorOptionsTest, WhatIsOutOfItsRangeIsNamed) {
  EXPECT_THAT(RecallMonitorOptions{}.Validate(), IsOk());
  EXPECT_THAT(RecallMonitorOptions{.share = 1.1}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "share"));
  EXPECT_THAT(RecallMonitorOptions{.max_waiting = 0}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "max_waiting"));
  EXPECT_THAT(RecallMonitorOptions{.window = 0}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "window"));
}

}  // namespace
}  // namespace twohop
