#include "twohop/ann/cell_index.h"

#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/ann/exact_index.h"
#include "twohop/ann/index_image.h"
#include "twohop/ann/segment_search.h"
#include "twohop/ann/testing/clustered_items.h"
#include "twohop/base/file.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Small, so that there is much to search in little time.
CellIndexOptions SmallCells() {
  CellIndexOptions options;
  options.min_partition_items = 300;
  options.items_per_cell = 16;
  options.rounds = 2;
  options.wanted_recall = 0.98;
  options.k = 20;
  options.samples = 16;
  return options;
}

class CellIndexTest : public testing::Test {
 protected:
  void Build(ClusteredItems items, const CellIndexOptions& options = SmallCells()) {
    items_ = std::move(items);
    auto built = BuildCellIndex(items_.vectors, items_.level1, options);
    ASSERT_THAT(built, IsOk());
    index_ = *std::move(built);
  }
  void BuildLarge() { Build(MakeClusteredItems(3'000, 16, 1)); }

  std::vector<std::vector<Neighbor>> Search(EmbeddingsView queries, std::size_t k,
                                            std::vector<Level1Index> excluded = {}) const {
    auto found = index_->Search(queries, {.k = k, .excluded = excluded});
    EXPECT_THAT(found, IsOk());
    return found.value_or(std::vector<std::vector<Neighbor>>());
  }

  // Against the f32 scan.
  double Recall(const std::vector<Level1Index>& excluded) const {
    const Embeddings queries = MakeQueries(items_, 40, 2);
    const auto expected = index_->SearchExhaustively(queries, {.k = 20, .excluded = excluded});
    EXPECT_THAT(expected, IsOk());
    return MeanRecall(*expected, Search(queries, 20, excluded));
  }

  ClusteredItems items_;
  std::unique_ptr<CellIndex> index_;
  TempDir dir_;
};

TEST_F(CellIndexTest, FindsNearlyAllWithoutAFilter) {
  BuildLarge();
  ASSERT_GT(index_->stats().cells, 80);
  EXPECT_GE(Recall({}), 0.97);
}

TEST_F(CellIndexTest, FindsNearlyAllWithHalfOfThePartitionsExcluded) {
  BuildLarge();
  EXPECT_GE(Recall({Level1Index(0), Level1Index(2)}), 0.97);
}

TEST_F(CellIndexTest, FindsNearlyAllWithAllPartitionsButOneExcluded) {
  BuildLarge();
  EXPECT_GE(Recall({Level1Index(0), Level1Index(1), Level1Index(3)}), 0.97);
}

TEST_F(CellIndexTest, LooksAtAFractionOfTheItems) {
  BuildLarge();
  ASSERT_OK_AND_ASSIGN(const auto image, ann_internal::BuildCellImage(items_.vectors, items_.level1,
                                                                      {}, SmallCells()));
  const ann_internal::Segment segment{image.get(), nullptr};
  ann_internal::ScanCost cost;
  const Embeddings queries = MakeQueries(items_, 10, 2);
  ASSERT_THAT(ann_internal::SearchSegments({&segment, 1}, 16, queries, {.k = 20},
                                           {.by_cells = true, .cost = &cost}),
              IsOk());
  EXPECT_LT(cost.rows, 10 * 3'000 / 3);
  EXPECT_GT(cost.cells, 10);
}

TEST_F(CellIndexTest, EveryKernelGivesTheSameAnswer) {
  BuildLarge();
  ASSERT_OK_AND_ASSIGN(const auto image, ann_internal::BuildCellImage(items_.vectors, items_.level1,
                                                                      {}, SmallCells()));
  const ann_internal::Segment segment{image.get(), nullptr};
  const Embeddings queries = MakeQueries(items_, 5, 3);
  const auto expected = Search(queries, 30);
  for (const auto& kernel : ann_internal::SupportedKernels()) {
    const auto found = ann_internal::SearchSegments({&segment, 1}, 16, queries, {.k = 30},
                                                    {.kernel = &kernel, .by_cells = true});
    ASSERT_THAT(found, IsOk());
    EXPECT_EQ(*found, expected) << kernel.name;
  }
}

TEST_F(CellIndexTest, EqualInputGivesEqualFiles) {
  BuildLarge();
  ASSERT_THAT(index_->Save(dir_.path() / "first"), IsOk());
  BuildLarge();
  ASSERT_THAT(index_->Save(dir_.path() / "second"), IsOk());
  EXPECT_EQ(ReadFile(dir_.path() / "first").value(), ReadFile(dir_.path() / "second").value());
}

TEST_F(CellIndexTest, AnswersTheSameAfterSavingAndLoading) {
  BuildLarge();
  ASSERT_THAT(index_->Save(dir_.path() / "items.index"), IsOk());
  ASSERT_OK_AND_ASSIGN(const auto loaded, CellIndex::Load(dir_.path() / "items.index"));
  EXPECT_EQ(loaded->stats().cells, index_->stats().cells);
  const Embeddings queries = MakeQueries(items_, 4, 5);
  EXPECT_EQ(loaded->Search(queries, {.k = 10}).value(), Search(queries, 10));
}

TEST_F(CellIndexTest, AnExactIndexReadsItsFileAndScansAllOfIt) {
  BuildLarge();
  ASSERT_THAT(index_->Save(dir_.path() / "items.index"), IsOk());
  ASSERT_OK_AND_ASSIGN(const auto exact, ExactIndex::Load(dir_.path() / "items.index"));
  const Embeddings queries = MakeQueries(items_, 10, 5);
  EXPECT_GE(MeanRecall(index_->SearchExhaustively(queries, {.k = 20}).value(),
                       exact->Search(queries, {.k = 20}).value()),
            0.995);
}

TEST_F(CellIndexTest, ReadsTheFileOfAnExactIndex) {
  const ClusteredItems items = MakeClusteredItems(300, 8, 1);
  ASSERT_OK_AND_ASSIGN(const auto exact, BuildExactIndex(items.vectors, items.level1));
  ASSERT_THAT(exact->Save(dir_.path() / "items.index"), IsOk());
  ASSERT_OK_AND_ASSIGN(const auto loaded, CellIndex::Load(dir_.path() / "items.index"));
  const Embeddings queries = MakeQueries(items, 4, 5);
  EXPECT_EQ(loaded->Search(queries, {.k = 10}).value(), exact->Search(queries, {.k = 10}).value());
}

TEST_F(CellIndexTest, SmallPartitionsAreScannedWhole) {
  Build(MakeClusteredItems(400, 8, 1));
  EXPECT_EQ(index_->stats().cells, 0);
  EXPECT_EQ(Recall({}), 1.0);
}

TEST_F(CellIndexTest, CellsThatDoNotPayAreNotUsed) {
  Rng rng(1);
  ClusteredItems shapeless{.vectors = Embeddings(24), .level1 = {}};
  for (int i = 0; i < 3'000; ++i) {
    shapeless.vectors.Append(RandomDirection(24, rng));
    shapeless.level1.emplace_back(0);
  }
  Build(std::move(shapeless));
  EXPECT_EQ(index_->stats().cells, 0);
}

TEST_F(CellIndexTest, ExcludedPartitionsAreNotSearched) {
  BuildLarge();
  const auto found = Search(MakeQueries(items_, 5, 2), 50, {Level1Index(1)});
  for (const auto& neighbors : found) {
    EXPECT_THAT(neighbors, SizeIs(50));
    for (const Neighbor& neighbor : neighbors) {
      EXPECT_NE(items_.level1[neighbor.item.value()], Level1Index(1));
    }
  }
}

TEST_F(CellIndexTest, ExcludingEverythingGivesNothing) {
  BuildLarge();
  const std::vector<Level1Index> all = {Level1Index(0), Level1Index(1), Level1Index(2),
                                        Level1Index(3)};
  EXPECT_THAT(Search(MakeQueries(items_, 2, 2), 5, all), ElementsAre(IsEmpty(), IsEmpty()));
}

TEST_F(CellIndexTest, MoreThanThereIsGivesAllInOrder) {
  BuildLarge();
  const auto found = Search(MakeQueries(items_, 1, 2), 10'000)[0];
  ASSERT_THAT(found, SizeIs(3'000));
  for (std::size_t i = 1; i < found.size(); ++i) {
    EXPECT_GE(found[i - 1].score, found[i].score);
  }
}

TEST_F(CellIndexTest, AQueryOfZerosGivesTheFirstItems) {
  BuildLarge();
  EXPECT_THAT(ItemsOf(Search(Embeddings(1, 16), 3)[0]), ElementsAre(0, 1, 2));
}

TEST_F(CellIndexTest, ItemsOfZerosAreItemsLikeOthers) {
  ClusteredItems items = MakeClusteredItems(2'000, 8, 1);
  for (std::size_t i = 0; i < 2'000; i += 2) {
    std::fill(items.vectors.mutable_row(i).begin(), items.vectors.mutable_row(i).end(), 0.0F);
  }
  Build(std::move(items));
  EXPECT_THAT(Search(MakeQueries(items_, 1, 2), 2'000)[0], SizeIs(2'000));
}

TEST_F(CellIndexTest, TakesTheLargestAndTheSmallestVectors) {
  ClusteredItems items = MakeClusteredItems(1'500, 8, 1);
  for (std::size_t i = 0; i < 1'500; ++i) {
    for (float& value : items.vectors.mutable_row(i)) value *= i % 3 == 0 ? 1e-30F : 5e15F;
  }
  Build(std::move(items));
  EXPECT_THAT(Search(MakeQueries(items_, 1, 2), 1'500)[0], SizeIs(1'500));
}

TEST_F(CellIndexTest, NoItemsGiveNoAnswers) {
  Build({.vectors = Embeddings(8), .level1 = {}});
  EXPECT_THAT(Search(Embeddings(1, 8), 5), ElementsAre(IsEmpty()));
  EXPECT_THAT(Search(EmbeddingsView(), 5), IsEmpty());
}

TEST_F(CellIndexTest, TheExhaustiveSearchIsExact) {
  Build(MakeClusteredItems(200, 8, 1));
  const Embeddings query = MakeQueries(items_, 1, 2);
  const auto found = index_->SearchExhaustively(query, {.k = 1'000}).value()[0];
  ASSERT_THAT(found, SizeIs(200));
  for (const Neighbor& neighbor : found) {
    EXPECT_NEAR(neighbor.score, Dot(query.row(0), items_.vectors.row(neighbor.item.value())), 1e-5);
  }
}

TEST_F(CellIndexTest, AnswersManyThreadsAtOnce) {
  BuildLarge();
  const Embeddings queries = MakeQueries(items_, 2, 2);
  const auto expected = Search(queries, 10);
  std::vector<std::vector<std::vector<Neighbor>>> found(3);
  {
    std::vector<std::jthread> threads;
    for (auto& answer : found) {
      threads.emplace_back([&, this] { answer = Search(queries, 10); });
    }
  }
  EXPECT_THAT(found, Each(expected));
}

TEST_F(CellIndexTest, TheReachDependsOnTheSampleQueries) {
  const ClusteredItems items = MakeClusteredItems(3'000, 16, 1);
  CellIndexOptions options = SmallCells();
  options.sample_queries = items.vectors;
  Build(items, options);
  const double reach = index_->stats().reach;
  ASSERT_GT(reach, 0.0);
  BuildLarge();
  EXPECT_NE(index_->stats().reach, reach);
}

TEST_F(CellIndexTest, QueriesThatDoNotFitAreAnError) {
  BuildLarge();
  EXPECT_THAT(index_->Search(Embeddings(1, 9), {}),
              FailsWith(ErrorCode::kInvalidArgument, "9 components"));
  Embeddings query(1, 16);
  query.mutable_row(0)[3] = std::nanf("");
  EXPECT_THAT(index_->Search(query, {}), FailsWith(ErrorCode::kInvalidArgument, "query 0"));
  EXPECT_THAT(index_->SearchExhaustively(query, {}),
              FailsWith(ErrorCode::kInvalidArgument, "query 0"));
}

TEST(BuildCellIndexTest, ItemsThatAreNotFiniteAreAnErrorThatNamesThem) {
  Embeddings items(2, 4);
  items.mutable_row(1)[0] = std::numeric_limits<float>::infinity();
  EXPECT_THAT(BuildCellIndex(items, std::vector<Level1Index>(2)),
              FailsWith(ErrorCode::kInvalidArgument, "item 1"));
}

TEST(BuildCellIndexTest, EveryItemNeedsAPartition) {
  EXPECT_THAT(BuildCellIndex(Embeddings(2, 4), std::vector<Level1Index>(3)),
              FailsWith(ErrorCode::kInvalidArgument, "3 partitions"));
}

TEST(BuildCellIndexTest, SampleQueriesThatDoNotFitAreAnError) {
  const Embeddings wrong(1, 5);
  CellIndexOptions options;
  options.sample_queries = wrong;
  EXPECT_THAT(BuildCellIndex(Embeddings(2, 4), std::vector<Level1Index>(2), options),
              FailsWith(ErrorCode::kInvalidArgument, "sample queries have 5 components"));
  Embeddings infinite(1, 4);
  infinite.mutable_row(0)[0] = std::numeric_limits<float>::infinity();
  options.sample_queries = infinite;
  EXPECT_THAT(BuildCellIndex(Embeddings(2, 4), std::vector<Level1Index>(2), options),
              FailsWith(ErrorCode::kInvalidArgument, "sample query 0"));
}

TEST(CellIndexOptionsTest, WhatIsOutOfItsRangeIsNamed) {
  EXPECT_THAT(CellIndexOptions{}.Validate(), IsOk());
  EXPECT_THAT(CellIndexOptions{.items_per_cell = 0}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "items_per_cell"));
  EXPECT_THAT(CellIndexOptions{.wanted_recall = 1.5}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "wanted_recall"));
  EXPECT_THAT(CellIndexOptions{.wanted_recall = std::nan("")}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "wanted_recall"));
  EXPECT_THAT(CellIndexOptions{.k = 0}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "k is 0"));
  EXPECT_THAT(CellIndexOptions{.samples = 0}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "samples"));
}

}  // namespace
}  // namespace twohop
