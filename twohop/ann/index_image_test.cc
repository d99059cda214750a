#include "twohop/ann/index_image.h"

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/ann/cell_index.h"
#include "twohop/ann/exact_index.h"
#include "twohop/ann/image_layout.h"
#include "twohop/ann/testing/clustered_items.h"
#include "twohop/base/file.h"
#include "twohop/base/rng.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

using ann_internal::ImageChecksum;
using ann_internal::ImageHeader;
using ann_internal::ImageLayout;

class IndexFileTest : public testing::Test {
 protected:
  void SaveIndexOf(std::size_t items) {
    Rng rng(1);
    Embeddings vectors(items, 6);
    for (float& value : vectors.mutable_data()) value = static_cast<float>(rng.Normal());
    std::vector<Level1Index> partitions;
    for (std::uint32_t i = 0; i < items; ++i) partitions.push_back(Level1Index(i % 3 * 100));
    auto built = BuildExactIndex(vectors, partitions);
    ASSERT_THAT(built, IsOk());
    index_ = *std::move(built);
    ASSERT_THAT(index_->Save(path_), IsOk());
    content_ = ReadFile(path_).value();
  }

  // Each changes `content_` and writes it.
  void FlipBitAt(std::size_t offset) {
    content_[offset] = static_cast<char>(content_[offset] ^ 0x10);
    Write();
  }
  void CutTo(std::size_t bytes) {
    content_.resize(bytes);
    Write();
  }
  template <typename Change>
  void ForgeHeader(Change change) {
    ImageHeader header = Header();
    change(header);
    std::memcpy(content_.data(), &header, sizeof(header));
    Sign();
  }
  template <typename T>
  void Forge(std::size_t offset, T value) {
    std::memcpy(content_.data() + offset, &value, sizeof(value));
    Sign();
  }

  ImageHeader Header() const {
    ImageHeader header{};
    std::memcpy(&header, content_.data(), sizeof(header));
    return header;
  }
  ImageLayout Layout() const { return ImageLayout(Header()); }

  Result<std::unique_ptr<ExactIndex>> Load() const { return ExactIndex::Load(path_); }

  TempDir dir_;
  std::filesystem::path path_ = dir_.path() / "items.index";
  std::unique_ptr<ExactIndex> index_;
  std::string content_;

 private:
  void Write() { dir_.Write("items.index", content_); }
  void Sign() {
    ImageHeader header = Header();
    header.checksum = ImageChecksum(content_);
    std::memcpy(content_.data(), &header, sizeof(header));
    Write();
  }
};

TEST_F(IndexFileTest, AnswersTheSameAfterSavingAndLoading) {
  SaveIndexOf(100);
  ASSERT_OK_AND_ASSIGN(const auto loaded, Load());
  EXPECT_EQ(loaded->size(), 100);
  EXPECT_EQ(loaded->dim(), 6);
  const std::vector<Level1Index> excluded = {Level1Index(100)};
  const SearchOptions options{.k = 7, .excluded = excluded};
  const EmbeddingsView queries = index_->vectors();
  EXPECT_EQ(loaded->Search(queries, options).value(), index_->Search(queries, options).value());
  EXPECT_TRUE(
      std::equal(queries.data().begin(), queries.data().end(), loaded->vectors().data().begin()));
}

TEST_F(IndexFileTest, EqualInputGivesEqualFiles) {
  SaveIndexOf(50);
  const std::string first = content_;
  SaveIndexOf(50);
  EXPECT_EQ(content_, first);
}

TEST_F(IndexFileTest, AnEmptyIndexSurvives) {
  SaveIndexOf(0);
  ASSERT_OK_AND_ASSIGN(const auto loaded, Load());
  EXPECT_EQ(loaded->size(), 0);
  EXPECT_EQ(loaded->dim(), 6);
}

TEST_F(IndexFileTest, ALoadedIndexOutlivesItsFile) {
  SaveIndexOf(30);
  ASSERT_OK_AND_ASSIGN(const auto loaded, Load());
  std::filesystem::remove(path_);
  EXPECT_THAT(loaded->Search(index_->vectors(), {.k = 3, .excluded = {}}), IsOk());
}

TEST_F(IndexFileTest, AMissingFileIsNotFound) {
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kNotFound, "items.index"));
}

TEST_F(IndexFileTest, AFlippedBitAnywhereIsDataLoss) {
  SaveIndexOf(20);
  const std::string whole = content_;
  for (std::size_t offset = 0; offset < whole.size(); offset += 11) {
    content_ = whole;
    FlipBitAt(offset);
    ASSERT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "items.index")) << "offset " << offset;
  }
}

TEST_F(IndexFileTest, ACutFileIsDataLoss) {
  SaveIndexOf(20);
  const std::size_t whole = content_.size();
  for (const std::size_t bytes :
       {whole - 1, whole / 2, std::size_t{64}, std::size_t{63}, std::size_t{0}}) {
    CutTo(bytes);
    EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "bytes")) << bytes;
  }
}

TEST_F(IndexFileTest, ALongerFileIsDataLoss) {
  SaveIndexOf(20);
  CutTo(content_.size() + 64);
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "bytes instead of"));
}

TEST_F(IndexFileTest, AnotherKindOfFileIsDataLoss) {
  dir_.Write("items.index", std::string(500, 'x'));
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "not an index file"));
}

TEST_F(IndexFileTest, ANewerVersionIsUnimplemented) {
  SaveIndexOf(20);
  ForgeHeader([](ImageHeader& header) { header.version = 3; });
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kUnimplemented, "version 3"));
  ForgeHeader([](ImageHeader& header) { header.version = 0; });
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kUnimplemented, "version 0"));
}

// Files with a valid checksum that no build wrote: reading them must stay within bounds.

TEST_F(IndexFileTest, CountsThatDoNotFitTheFileAreDataLoss) {
  SaveIndexOf(20);
  ForgeHeader([](ImageHeader& header) { header.items = 60; });
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "counts"));
}

TEST_F(IndexFileTest, CountsThatWouldOverflowAreDataLoss) {
  SaveIndexOf(20);
  ForgeHeader([](ImageHeader& header) { header.groups = header.items = ~std::uint64_t{0} / 64; });
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "counts"));
}

TEST_F(IndexFileTest, ARowOfNoItemIsDataLoss) {
  SaveIndexOf(20);
  Forge<std::uint32_t>(Layout().items, 20);
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "belongs to no item"));
}

TEST_F(IndexFileTest, APartitionOutsideTheRowsIsDataLoss) {
  SaveIndexOf(20);
  Forge<std::uint32_t>(Layout().partitions + 8, 200);  // Partition::rows.
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "partitions exceed"));
}

TEST_F(IndexFileTest, PartitionsThatLeaveItemsOutAreDataLoss) {
  SaveIndexOf(20);
  Forge<std::uint32_t>(Layout().partitions + 8, 1);
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "do not cover"));
}

TEST_F(IndexFileTest, PartitionsOutOfOrderAreDataLoss) {
  SaveIndexOf(20);
  Forge<std::uint32_t>(Layout().partitions + 4, 1);  // Partition::first_group.
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "misplaced"));
}

// The same for what version 2 adds.

class CellFileTest : public IndexFileTest {
 protected:
  CellFileTest() {
    const ClusteredItems items = MakeClusteredItems(1'000, 6, 1);
    CellIndexOptions options;
    options.min_partition_items = 50;
    options.items_per_cell = 10;
    options.rounds = 1;
    options.wanted_recall = 0.1;
    options.k = 1;
    options.samples = 8;
    options.sample_queries = items.vectors;
    EXPECT_THAT(BuildCellIndex(items.vectors, items.level1, options).value()->Save(path_), IsOk());
    content_ = ReadFile(path_).value();
  }
};

TEST_F(CellFileTest, HasCells) {
  EXPECT_EQ(Header().version, 2);
  EXPECT_GT(Header().cells, 10);
  EXPECT_THAT(Load(), IsOk());
}

TEST_F(CellFileTest, ACutFileIsDataLoss) {
  CutTo(content_.size() - 64);
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "bytes"));
}

TEST_F(CellFileTest, ADamagedCellIsDataLoss) {
  FlipBitAt(Layout().cells + 5);
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "checksum"));
}

TEST_F(CellFileTest, CellsThatDoNotFitTheFileAreDataLoss) {
  ForgeHeader([](ImageHeader& header) { header.cells += 100; });
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "counts"));
}

TEST_F(CellFileTest, AReachThatIsNotANumberIsDataLoss) {
  ForgeHeader([](ImageHeader& header) { header.reach = std::nanf(""); });
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "counts"));
}

TEST_F(CellFileTest, ACellInTheWrongPlaceIsDataLoss) {
  Forge<std::uint32_t>(Layout().cells, 3);  // Cell::first_group.
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "a cell of level 1"));
}

TEST_F(CellFileTest, ACellBeyondTheRowsIsDataLoss) {
  Forge<std::uint32_t>(Layout().cells + 4, 1'000'000);  // Cell::rows.
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "exceed the rows"));
}

TEST_F(CellFileTest, ACellOfAnotherSizeIsDataLoss) {
  Forge<std::uint32_t>(Layout().cells + 4, 1);
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, ""));
}

TEST_F(CellFileTest, ASpreadThatIsNotANumberIsDataLoss) {
  Forge<float>(Layout().cells + 8, std::nanf(""));
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "a cell of level 1"));
}

TEST_F(CellFileTest, MoreCellsThanThereAreIsDataLoss) {
  Forge<std::uint32_t>(Layout().partitions + 12, 100'000);  // Partition::cells.
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "exceed the cells"));
}

TEST_F(CellFileTest, IdsThatDoNotAscendAreDataLoss) {
  Forge<std::uint32_t>(Layout().ids + 4, 0);
  EXPECT_THAT(Load(), FailsWith(ErrorCode::kDataLoss, "ids"));
}

TEST_F(IndexFileTest, AFolderThatCannotBeMadeIsAnErrorOfSave) {
  SaveIndexOf(20);
  EXPECT_THAT(index_->Save(path_ / "below a file"), FailsWith(ErrorCode::kUnavailable, ""));
}

}  // namespace
}  // namespace twohop
