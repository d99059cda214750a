#include "twohop/ann/exact_index.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/ann/exact_search.h"
#include "twohop/ann/index_image.h"
#include "twohop/ann/int8_kernels.h"
#include "twohop/base/rng.h"
#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::size_t kPartitions = 7;

Embeddings RandomVectors(std::size_t rows, std::size_t dim, std::uint64_t seed) {
  Rng rng(seed);
  Embeddings vectors(rows, dim);
  for (float& value : vectors.mutable_data()) value = static_cast<float>(rng.Normal());
  for (std::size_t row = 0; row < rows; ++row) NormalizeL2(vectors.mutable_row(row));
  return vectors;
}

Embeddings Rows(std::initializer_list<std::vector<float>> rows) {
  Embeddings vectors;
  for (const auto& row : rows) vectors.Append(row);
  return vectors;
}

std::vector<Level1Index> RoundRobinPartitions(std::size_t count) {
  std::vector<Level1Index> partitions;
  for (std::size_t i = 0; i < count; ++i) {
    partitions.push_back(Level1Index(static_cast<std::uint32_t>(i % kPartitions)));
  }
  return partitions;
}

std::vector<std::uint32_t> ItemsOf(const std::vector<Neighbor>& neighbors) {
  std::vector<std::uint32_t> items;
  for (const Neighbor& neighbor : neighbors) items.push_back(neighbor.item.value());
  return items;
}

class ExactIndexTest : public testing::Test {
 protected:
  void Build(Embeddings items, std::vector<Level1Index> partitions) {
    items_ = std::move(items);
    partitions_ = std::move(partitions);
    auto built = BuildExactIndex(items_, partitions_);
    ASSERT_THAT(built, IsOk());
    index_ = *std::move(built);
  }
  void Build(Embeddings items) {
    const std::size_t rows = items.rows();
    Build(std::move(items), RoundRobinPartitions(rows));
  }

  std::vector<std::vector<Neighbor>> Search(EmbeddingsView queries, std::size_t k,
                                            std::vector<Level1Index> excluded = {}) const {
    auto found = index_->Search(queries, {.k = k, .excluded = excluded});
    EXPECT_THAT(found, IsOk());
    return found.value_or(std::vector<std::vector<Neighbor>>());
  }

  // All items that are not excluded by exact score, the first k.
  std::vector<std::uint32_t> BruteForce(std::span<const float> query, std::size_t k,
                                        const std::vector<Level1Index>& excluded = {}) const {
    std::vector<std::pair<float, std::uint32_t>> all;
    for (std::size_t i = 0; i < items_.rows(); ++i) {
      if (std::find(excluded.begin(), excluded.end(), partitions_[i]) == excluded.end()) {
        all.emplace_back(-Dot(query, items_.row(i)), static_cast<std::uint32_t>(i));
      }
    }
    std::sort(all.begin(), all.end());
    all.resize(std::min(k, all.size()));
    std::vector<std::uint32_t> items;
    for (const auto& [score, item] : all) items.push_back(item);
    return items;
  }

  double Recall(EmbeddingsView queries, std::size_t k,
                const std::vector<Level1Index>& excluded = {}) const {
    const auto found = Search(queries, k, excluded);
    double hits = 0;
    double wanted = 0;
    for (std::size_t query = 0; query < queries.rows(); ++query) {
      const auto expected = BruteForce(queries.row(query), k, excluded);
      const auto items = ItemsOf(found[query]);
      for (const auto item : expected) hits += std::count(items.begin(), items.end(), item) > 0;
      wanted += static_cast<double>(expected.size());
    }
    return hits / wanted;
  }

  Embeddings items_;
  std::vector<Level1Index> partitions_;
  std::unique_ptr<ExactIndex> index_;
};

TEST_F(ExactIndexTest, FindsWhatBruteForceFinds) {
  Build(RandomVectors(4000, 64, 1));
  EXPECT_GE(Recall(RandomVectors(5, 64, 2), 100), 0.99);
}

TEST_F(ExactIndexTest, FindsTheNearestFewToo) {
  Build(RandomVectors(2000, 64, 1));
  EXPECT_GE(Recall(RandomVectors(10, 64, 2), 5), 0.99);
}

TEST_F(ExactIndexTest, FindsWhatBruteForceFindsInDimensionsThatFillNoQuad) {
  Build(RandomVectors(2000, 61, 3));
  EXPECT_GE(Recall(RandomVectors(5, 61, 4), 100), 0.99);
}

TEST_F(ExactIndexTest, FindsWhatBruteForceFindsAmongVectorsOfDifferentLengths) {
  Embeddings items = RandomVectors(3000, 32, 5);
  for (std::size_t row = 0; row < items.rows(); ++row) {
    for (float& value : items.mutable_row(row)) value *= static_cast<float>(1 + row % 9);
  }
  Build(std::move(items));
  EXPECT_GE(Recall(RandomVectors(5, 32, 6), 100), 0.99);
}

TEST_F(ExactIndexTest, ScoresAreExactInnerProductsInDescendingOrder) {
  Build(RandomVectors(1000, 64, 1));
  const Embeddings query = RandomVectors(1, 64, 2);
  const auto found = Search(query, 50)[0];
  ASSERT_THAT(found, SizeIs(50));
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i].score, Dot(query.row(0), items_.row(found[i].item.value())), 1e-6);
    EXPECT_TRUE(i == 0 || found[i - 1].score >= found[i].score);
  }
}

TEST_F(ExactIndexTest, AnItemIsTheNearestToItself) {
  Build(RandomVectors(500, 16, 8));
  const auto found = Search(items_, 1);
  ASSERT_THAT(found, SizeIs(500));
  for (std::uint32_t item = 0; item < 500; ++item) {
    EXPECT_THAT(ItemsOf(found[item]), ElementsAre(item));
  }
}

TEST_F(ExactIndexTest, ExcludedPartitionsAreNotSearched) {
  Build(RandomVectors(3000, 32, 1));
  const std::vector<Level1Index> excluded = {Level1Index(5), Level1Index(0), Level1Index(5)};
  const Embeddings queries = RandomVectors(3, 32, 2);
  for (const auto& neighbors : Search(queries, 200, excluded)) {
    ASSERT_THAT(neighbors, SizeIs(200));
    for (const Neighbor& neighbor : neighbors) {
      EXPECT_NE(neighbor.item.value() % kPartitions, 5);
      EXPECT_NE(neighbor.item.value() % kPartitions, 0);
    }
  }
  EXPECT_GE(Recall(queries, 200, excluded), 0.99);
}

TEST_F(ExactIndexTest, ExcludingAPartitionThatIsNotThereChangesNothing) {
  Build(RandomVectors(100, 8, 1));
  const Embeddings query = RandomVectors(1, 8, 2);
  EXPECT_EQ(Search(query, 10, {Level1Index(4'000'000'000U)}), Search(query, 10));
}

TEST_F(ExactIndexTest, ExcludingEverythingGivesNothing) {
  Build(RandomVectors(20, 8, 1), std::vector<Level1Index>(20, Level1Index(3)));
  EXPECT_THAT(Search(RandomVectors(2, 8, 2), 5, {Level1Index(3)}),
              ElementsAre(IsEmpty(), IsEmpty()));
}

TEST_F(ExactIndexTest, PartitionsMayHaveAnyNumbers) {
  Build(Rows({{1, 0}, {0.9F, 0}, {0.8F, 0}}),
        {Level1Index(0xFFFFFFFFU), Level1Index(7), Level1Index(0xFFFFFFFFU)});
  EXPECT_THAT(ItemsOf(Search(Rows({{1, 0}}), 9, {Level1Index(0xFFFFFFFFU)})[0]), ElementsAre(1));
}

TEST_F(ExactIndexTest, EqualScoresAreOrderedByItemAcrossPartitions) {
  Embeddings items(100, 4);
  for (std::size_t row = 0; row < 100; ++row) items.mutable_row(row)[1] = 1.0F;
  Build(std::move(items));
  EXPECT_THAT(ItemsOf(Search(Rows({{0, 1, 0, 0}}), 5)[0]), ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(ExactIndexTest, MoreThanThereIsGivesAll) {
  Build(RandomVectors(10, 8, 1));
  EXPECT_THAT(Search(RandomVectors(1, 8, 2), 1000)[0], SizeIs(10));
  EXPECT_EQ(Recall(RandomVectors(1, 8, 2), 1000), 1.0);
}

TEST_F(ExactIndexTest, AnEmptyIndexAnswersWithNothing) {
  Build(Embeddings(8));
  EXPECT_EQ(index_->size(), 0);
  EXPECT_EQ(index_->dim(), 8);
  EXPECT_THAT(Search(RandomVectors(2, 8, 1), 5), ElementsAre(IsEmpty(), IsEmpty()));
}

TEST_F(ExactIndexTest, NoQueriesGiveNoAnswers) {
  Build(RandomVectors(10, 8, 1));
  EXPECT_THAT(Search(EmbeddingsView(), 5), IsEmpty());
}

TEST_F(ExactIndexTest, VectorsOfZerosScoreZero) {
  Build(Embeddings(3, 4));
  const auto found = Search(Rows({{1, 2, 3, 4}}), 3)[0];
  EXPECT_THAT(found, ElementsAre(Neighbor{ItemIndex(0), 0.0F}, Neighbor{ItemIndex(1), 0.0F},
                                 Neighbor{ItemIndex(2), 0.0F}));
}

TEST_F(ExactIndexTest, KeepsTheVectorsAsGiven) {
  Build(RandomVectors(40, 9, 1));
  const auto kept = index_->vectors();
  EXPECT_EQ(kept.dim(), 9);
  EXPECT_TRUE(std::equal(kept.data().begin(), kept.data().end(), items_.data().begin(),
                         items_.data().end()));
}

TEST_F(ExactIndexTest, QueriesOfAnotherDimensionAreAnError) {
  Build(RandomVectors(10, 8, 1));
  EXPECT_THAT(index_->Search(RandomVectors(1, 9, 2), {}),
              FailsWith(ErrorCode::kInvalidArgument, "queries have 9 components"));
}

TEST_F(ExactIndexTest, AskingForNoItemsIsAnError) {
  Build(RandomVectors(10, 8, 1));
  EXPECT_THAT(index_->Search(RandomVectors(1, 8, 2), {.k = 0, .excluded = {}}),
              FailsWith(ErrorCode::kInvalidArgument, "k is 0"));
}

TEST_F(ExactIndexTest, QueriesThatAreNotFiniteAreAnErrorThatNamesThem) {
  Build(RandomVectors(10, 2, 1));
  EXPECT_THAT(index_->Search(Rows({{0, 1}, {std::nanf(""), 0}}), {}),
              FailsWith(ErrorCode::kInvalidArgument, "query 1"));
  EXPECT_THAT(index_->Search(Rows({{std::numeric_limits<float>::infinity(), 1}}), {}),
              FailsWith(ErrorCode::kInvalidArgument, "query 0"));
}

TEST(BuildExactIndexTest, ItemsThatAreNotFiniteAreAnErrorThatNamesThem) {
  const std::vector<Level1Index> partitions(2);
  EXPECT_THAT(BuildExactIndex(Rows({{0, 1}, {std::nanf(""), 0}}), partitions),
              FailsWith(ErrorCode::kInvalidArgument, "item 1"));
  EXPECT_THAT(BuildExactIndex(Rows({{0, -1e17F}, {0, 0}}), partitions),
              FailsWith(ErrorCode::kInvalidArgument, "item 0"));
}

TEST(BuildExactIndexTest, EveryItemNeedsAPartition) {
  EXPECT_THAT(BuildExactIndex(Rows({{0, 1}}), std::vector<Level1Index>(2)),
              FailsWith(ErrorCode::kInvalidArgument, "1 vectors but 2 partitions"));
}

TEST(BuildExactIndexTest, TooManyComponentsAreAnError) {
  EXPECT_THAT(BuildExactIndex(Embeddings(1, 65'537), std::vector<Level1Index>(1)),
              FailsWith(ErrorCode::kInvalidArgument, "65537 components"));
}

TEST(ExactSearchTest, EveryKernelGivesTheSameAnswer) {
  const Embeddings items = RandomVectors(3000, 50, 1);
  const Embeddings queries = RandomVectors(4, 50, 2);
  ASSERT_OK_AND_ASSIGN(const auto image,
                       ann_internal::IndexImage::Build(items, RoundRobinPartitions(items.rows())));
  const std::vector<Level1Index> excluded = {Level1Index(2)};
  const SearchOptions options{.k = 40, .excluded = excluded};
  const auto kernels = ann_internal::SupportedKernels();
  const auto expected = ann_internal::SearchExact(*image, queries, options, kernels.front());
  ASSERT_THAT(expected, IsOk());
  for (const auto& kernel : kernels) {
    const auto found = ann_internal::SearchExact(*image, queries, options, kernel);
    ASSERT_THAT(found, IsOk());
    EXPECT_EQ(*found, *expected) << kernel.name;
  }
}

TEST(LaneDotTest, IsTheInnerProductInEveryDimension) {
  Rng rng(1);
  for (std::size_t dim = 0; dim < 70; ++dim) {
    const Embeddings pair = RandomVectors(2, std::max<std::size_t>(dim, 1), dim);
    const auto a = pair.row(0).first(dim);
    const auto b = pair.row(1).first(dim);
    EXPECT_NEAR(ann_internal::LaneDot(a, b), Dot(a, b), 1e-6) << dim;
  }
}

TEST_F(ExactIndexTest, AnswersManyThreadsAtOnce) {
  Build(RandomVectors(1000, 16, 1));
  const Embeddings queries = RandomVectors(2, 16, 2);
  const auto expected = Search(queries, 10);
  std::vector<std::vector<std::vector<Neighbor>>> found(4);
  {
    std::vector<std::jthread> threads;
    for (auto& answer : found) {
      threads.emplace_back([&, this] { answer = Search(queries, 10); });
    }
  }
  EXPECT_THAT(found, testing::Each(expected));
}

}  // namespace
}  // namespace twohop
