#include "twohop/ann/mutable_index.h"

#include <atomic>
#include <cmath>
#include <map>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/ann/exact_index.h"
#include "twohop/ann/testing/clustered_items.h"
#include "twohop/base/file.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::size_t kDim = 8;

MutableIndexOptions SmallSegments() {
  MutableIndexOptions options;
  options.cells.min_partition_items = 200;
  options.cells.items_per_cell = 20;
  options.cells.rounds = 2;
  options.cells.k = 10;
  options.cells.samples = 8;
  options.max_segment_items = 64;
  return options;
}

// An index beside a plain map of what it should hold.
class MutableIndexTest : public testing::Test {
 protected:
  void Build(std::size_t count) {
    const ClusteredItems items = MakeClusteredItems(count, kDim, 1);
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto row = items.vectors.row(i);
      expected_[i] = {items.level1[i], {row.begin(), row.end()}};
    }
    auto built = BuildMutableIndex(items.vectors, items.level1, SmallSegments());
    ASSERT_THAT(built, IsOk());
    index_ = *std::move(built);
  }

  void Upsert(std::uint32_t item, std::uint32_t level1, std::vector<float> vector) {
    const ItemChange change{ItemIndex(item), Level1Index(level1), vector};
    ASSERT_THAT(index_->Upsert({&change, 1}), IsOk());
    expected_[item] = {Level1Index(level1), std::move(vector)};
  }
  void UpsertRandom(std::uint32_t item) {
    Upsert(item, static_cast<std::uint32_t>(rng_.Below(kTestPartitions)),
           RandomDirection(kDim, rng_));
  }
  void Remove(std::uint32_t item) {
    const ItemIndex gone(item);
    index_->Remove({&gone, 1});
    expected_.erase(item);
  }
  void ChangeManyAtRandom(std::size_t times) {
    for (; times > 0; --times) {
      const auto item = static_cast<std::uint32_t>(rng_.Below(1'200));
      if (rng_.Chance(0.25)) {
        Remove(item);
      } else {
        UpsertRandom(item);
      }
    }
  }
  void Compact() { ASSERT_THAT(index_->Compact(), IsOk()); }
  void SaveAndLoad() {
    ASSERT_THAT(index_->Save(dir_.path() / "items.index"), IsOk());
    auto loaded = MutableIndex::Load(dir_.path() / "items.index", SmallSegments());
    ASSERT_THAT(loaded, IsOk());
    index_ = *std::move(loaded);
  }

  std::vector<std::uint32_t> Find(std::vector<float> query, std::size_t k,
                                  std::vector<Level1Index> excluded = {}) const {
    const auto found = index_->Search(EmbeddingsView(query, kDim), {.k = k, .excluded = excluded});
    EXPECT_THAT(found, IsOk());
    return ItemsOf(found->front());
  }

  // Holds exactly what it should, and finds it.
  void ExpectAsExpected() {
    EXPECT_EQ(index_->size(), expected_.size());
    for (int i = 0; i < 5; ++i) {
      const std::vector<float> query = RandomDirection(kDim, rng_);
      const std::vector<Level1Index> excluded = {Level1Index(static_cast<std::uint32_t>(i))};
      const auto found = index_->SearchExhaustively(EmbeddingsView(query, kDim),
                                                    {.k = 5'000, .excluded = excluded});
      ASSERT_THAT(found, IsOk());
      EXPECT_EQ(ItemsOf(found->front()), BruteForce(query, excluded.front()));
      const auto top = index_->Search(EmbeddingsView(query, kDim), {.k = 20, .excluded = excluded});
      ASSERT_THAT(top, IsOk());
      std::vector<Neighbor> wanted = found->front();
      wanted.resize(std::min<std::size_t>(20, wanted.size()));
      EXPECT_GE(MeanRecall({wanted}, *top), 0.8);
    }
  }

  std::vector<std::uint32_t> BruteForce(const std::vector<float>& query,
                                        Level1Index excluded) const {
    std::vector<std::pair<float, std::uint32_t>> scored;
    for (const auto& [item, what] : expected_) {
      if (what.first != excluded) scored.emplace_back(-Dot(query, what.second), item);
    }
    std::sort(scored.begin(), scored.end());
    std::vector<std::uint32_t> items;
    for (const auto& [score, item] : scored) items.push_back(item);
    return items;
  }

  std::map<std::uint32_t, std::pair<Level1Index, std::vector<float>>> expected_;
  std::unique_ptr<MutableIndex> index_;
  Rng rng_{5};
  TempDir dir_;
};

std::vector<float> Axis(std::size_t axis, float length = 1.0F) {
  std::vector<float> vector(kDim);
  vector[axis] = length;
  return vector;
}

TEST_F(MutableIndexTest, StartsEmptyAndTakesItems) {
  Build(0);
  EXPECT_THAT(Find(Axis(0), 5), IsEmpty());
  Upsert(7, 1, Axis(0));
  Upsert(3, 1, Axis(1));
  EXPECT_THAT(Find(Axis(0), 5), ElementsAre(7, 3));
}

TEST_F(MutableIndexTest, AReplacedItemIsFoundWhereItIsNow) {
  Build(300);
  Upsert(42, 0, Axis(0, 9.0F));
  EXPECT_THAT(Find(Axis(0), 1), ElementsAre(42));
  Upsert(42, 0, Axis(0, -9.0F));
  EXPECT_NE(Find(Axis(0), 1), std::vector<std::uint32_t>{42});
  EXPECT_THAT(Find(Axis(0, -1.0F), 1), ElementsAre(42));
  EXPECT_EQ(index_->size(), 300);
}

TEST_F(MutableIndexTest, AnItemCanChangeItsPartition) {
  Build(300);
  Upsert(42, 0, Axis(0, 9.0F));
  Upsert(42, 3, Axis(0, 9.0F));
  EXPECT_THAT(Find(Axis(0), 1, {Level1Index(0)}), ElementsAre(42));
  EXPECT_NE(Find(Axis(0), 1, {Level1Index(3)}), std::vector<std::uint32_t>{42});
}

TEST_F(MutableIndexTest, ARemovedItemIsNotFoundAndCanComeBack) {
  Build(300);
  Upsert(42, 0, Axis(0, 9.0F));
  Remove(42);
  EXPECT_NE(Find(Axis(0), 1), std::vector<std::uint32_t>{42});
  EXPECT_EQ(index_->size(), 299);
  Upsert(42, 0, Axis(0, 9.0F));
  EXPECT_THAT(Find(Axis(0), 1), ElementsAre(42));
}

TEST_F(MutableIndexTest, RemovingWhatIsNotThereChangesNothing) {
  Build(10);
  Remove(4'000'000'000U);
  ExpectAsExpected();
}

TEST_F(MutableIndexTest, OfSeveralChangesOfOneItemInACallTheLastCounts) {
  Build(10);
  const std::vector<float> first = Axis(0, 5.0F);
  const std::vector<float> last = Axis(1, 5.0F);
  const std::vector<ItemChange> changes = {{ItemIndex(99), Level1Index(0), first},
                                           {ItemIndex(98), Level1Index(0), first},
                                           {ItemIndex(99), Level1Index(2), last}};
  ASSERT_THAT(index_->Upsert(changes), IsOk());
  EXPECT_EQ(index_->size(), 12);
  EXPECT_THAT(Find(Axis(1), 1, {Level1Index(0)}), ElementsAre(99));
  EXPECT_THAT(Find(Axis(0), 1), ElementsAre(98));
}

TEST_F(MutableIndexTest, HoldsWhatAMapHoldsAfterManyChanges) {
  Build(1'000);
  ChangeManyAtRandom(400);
  ExpectAsExpected();
  EXPECT_GT(index_->stats().removed_items, 0);
}

TEST_F(MutableIndexTest, SegmentsAreFewAndOfLimitedSize) {
  Build(10);
  for (std::uint32_t item = 100; item < 420; ++item) UpsertRandom(item);
  EXPECT_LE(index_->stats().segments, 320 / 32 + 7);
  ExpectAsExpected();
}

TEST_F(MutableIndexTest, CompactionChangesNoAnswerAndLeavesNoSegment) {
  Build(1'000);
  ChangeManyAtRandom(300);
  Compact();
  EXPECT_EQ(index_->stats().segments, 0);
  EXPECT_EQ(index_->stats().removed_items, 0);
  EXPECT_EQ(index_->stats().base_items, expected_.size());
  ExpectAsExpected();
  ChangeManyAtRandom(100);
  ExpectAsExpected();
}

TEST_F(MutableIndexTest, ChangesDuringACompactionAreKept) {
  Build(1'000);
  ChangeManyAtRandom(100);
  std::atomic<bool> done = false;
  {
    std::jthread compaction([&] {
      EXPECT_THAT(index_->Compact(), IsOk());
      done = true;
    });
    while (!done) ChangeManyAtRandom(1);
  }
  ChangeManyAtRandom(20);
  ExpectAsExpected();
  Compact();
  ExpectAsExpected();
}

TEST_F(MutableIndexTest, RemovingEverythingLeavesAnEmptyIndexThatCompacts) {
  Build(60);
  for (std::uint32_t item = 0; item < 60; ++item) Remove(item);
  EXPECT_THAT(Find(Axis(0), 5), IsEmpty());
  Compact();
  EXPECT_EQ(index_->size(), 0);
  EXPECT_THAT(Find(Axis(0), 5), IsEmpty());
}

TEST_F(MutableIndexTest, ACompactedImageComesBackWithItsGaps) {
  Build(1'000);
  ChangeManyAtRandom(200);
  Remove(0);
  Compact();
  SaveAndLoad();
  ExpectAsExpected();
  ChangeManyAtRandom(50);
  ExpectAsExpected();
}

TEST_F(MutableIndexTest, ReplayingChangesTwiceDoesNoHarm) {
  Build(500);
  Compact();
  ASSERT_THAT(index_->Save(dir_.path() / "items.index"), IsOk());
  for (int round = 0; round < 2; ++round) {
    index_ = MutableIndex::Load(dir_.path() / "items.index", SmallSegments()).value();
    for (int replay = 0; replay <= round; ++replay) {
      Upsert(7, 0, Axis(0));
      Remove(8);
      Upsert(7, 1, Axis(1));
      Upsert(2'000, 1, Axis(2));
    }
    ExpectAsExpected();
  }
}

TEST_F(MutableIndexTest, SaveWritesTheBaseWithoutLaterChanges) {
  Build(100);
  Upsert(5'000, 0, Axis(0));
  SaveAndLoad();
  EXPECT_EQ(index_->size(), 100);
}

TEST_F(MutableIndexTest, OtherIndexesRefuseAFileWithGaps) {
  Build(100);
  Remove(50);
  Compact();
  ASSERT_THAT(index_->Save(dir_.path() / "items.index"), IsOk());
  EXPECT_THAT(CellIndex::Load(dir_.path() / "items.index"),
              FailsWith(ErrorCode::kFailedPrecondition, "numbered"));
  EXPECT_THAT(ExactIndex::Load(dir_.path() / "items.index"),
              FailsWith(ErrorCode::kFailedPrecondition, "numbered"));
}

TEST_F(MutableIndexTest, AFrozenVersionStaysAsItWas) {
  Build(100);
  const auto frozen = index_->Freeze();
  const std::vector<float> query = Axis(0);
  const auto before = frozen->Search(EmbeddingsView(query, kDim), {.k = 5}).value();
  Upsert(1'000, 0, Axis(0, 9.0F));
  Compact();
  EXPECT_EQ(frozen->Search(EmbeddingsView(query, kDim), {.k = 5}).value(), before);
  EXPECT_EQ(frozen->size(), 100);
}

TEST_F(MutableIndexTest, ABadChangeIsAnErrorThatNamesItsItemAndNothingIsApplied) {
  Build(10);
  const std::vector<float> good = Axis(0);
  const std::vector<float> bad(kDim, std::nanf(""));
  const std::vector<float> small(kDim - 1);
  const ItemChange fine{ItemIndex(100), Level1Index(0), good};
  EXPECT_THAT(index_->Upsert(std::vector<ItemChange>{fine, {ItemIndex(101), Level1Index(0), bad}}),
              FailsWith(ErrorCode::kInvalidArgument, "item 101"));
  EXPECT_THAT(
      index_->Upsert(std::vector<ItemChange>{fine, {ItemIndex(102), Level1Index(0), small}}),
      FailsWith(ErrorCode::kInvalidArgument, "item 102 has 7 components"));
  EXPECT_THAT(
      index_->Upsert(std::vector<ItemChange>{fine, {ItemIndex(0xFFFFFFFFU), Level1Index(0), good}}),
      FailsWith(ErrorCode::kInvalidArgument, "not an item"));
  EXPECT_EQ(index_->size(), 10);
}

TEST_F(MutableIndexTest, NoChangesAreFine) {
  Build(10);
  EXPECT_THAT(index_->Upsert({}), IsOk());
  index_->Remove({});
  ExpectAsExpected();
}

TEST_F(MutableIndexTest, AVectorOfZerosIsAnItem) {
  Build(0);
  Upsert(1, 0, std::vector<float>(kDim));
  EXPECT_THAT(Find(Axis(0), 3), ElementsAre(1));
}

TEST_F(MutableIndexTest, EverythingExcludedGivesNothing) {
  Build(300);
  UpsertRandom(500);
  EXPECT_THAT(Find(Axis(0), 3, {Level1Index(0), Level1Index(1), Level1Index(2), Level1Index(3)}),
              IsEmpty());
}

TEST_F(MutableIndexTest, MoreThanThereIsGivesAll) {
  Build(300);
  Remove(4);
  UpsertRandom(500);
  EXPECT_THAT(Find(Axis(0), 100'000), SizeIs(300));
}

// An item that is replaced over and over is found exactly once by every search meanwhile.
TEST_F(MutableIndexTest, SearchesSeeOneVersionWhileItemsChange) {
  Build(200);
  Upsert(1'000, 0, Axis(0, 9.0F));
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0;
  std::atomic<int> searches = 0;
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 2; ++i) {
      readers.emplace_back([&] {
        while (!stop) {
          const auto found = Find(Axis(0), 3);
          if (found.size() != 3 || found.front() != 1'000) ++wrong;
          if (std::count(found.begin(), found.end(), 1'000U) != 1) ++wrong;
          ++searches;
        }
      });
    }
    for (std::uint32_t i = 0; i < 200 || searches < 50; ++i) {
      Upsert(1'000, i % kTestPartitions, Axis(0, 9.0F));
      if (i % 50 == 0) Compact();
    }
    stop = true;
  }
  EXPECT_EQ(wrong, 0);
}

TEST(LoadMutableIndexTest, AMissingFileIsNotFoundAndADamagedOneDataLoss) {
  const TempDir dir;
  EXPECT_THAT(MutableIndex::Load(dir.path() / "none"), FailsWith(ErrorCode::kNotFound, "none"));
  dir.Write("bad", "not an index at all");
  EXPECT_THAT(MutableIndex::Load(dir.path() / "bad"), FailsWith(ErrorCode::kDataLoss, "bad"));
}

TEST(BuildMutableIndexTest, OptionsOutOfTheirRangeAreNamed) {
  MutableIndexOptions options;
  options.max_segment_items = 0;
  EXPECT_THAT(BuildMutableIndex(Embeddings(4), {}, options),
              FailsWith(ErrorCode::kInvalidArgument, "max_segment_items"));
  options = {};
  options.cells.k = 0;
  EXPECT_THAT(BuildMutableIndex(Embeddings(4), {}, options),
              FailsWith(ErrorCode::kInvalidArgument, "k is 0"));
}

}  // namespace
}  // namespace twohop
