#include "apps/twohop-train/beauty_reader.h"

#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop::app {
namespace {

// Made up, in the format of the data.
constexpr std::string_view kItems =
    "item_id,brand,category\n"
    "1,OPI,Makeup > Nails > Nail Polish\n"
    "2,,\"Hair Care > Styling > Creams, Gels > Strong\"\n"
    "3,Unknown,Makeup\n";

class BeautyReaderTest : public testing::Test {
 protected:
  BeautyReaderTest() {
    Write("items.csv", kItems);
    Write("sequences.txt", "7 1 2 3\n8 3 2 1\n");
  }

  void Write(const char* name, std::string_view text) {
    ASSERT_THAT(WriteFileAtomically(dir_.path() / name, text), IsOk());
  }

  void WriteZipped(const char* name, std::string_view text) {
    const gzFile file = gzopen((dir_.path() / name).c_str(), "wb");
    ASSERT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())),
              static_cast<int>(text.size()));
    ASSERT_EQ(gzclose(file), Z_OK);
  }

  TempDir dir_;
};

TEST_F(BeautyReaderTest, SequencesAreItemsInTheirOrder) {
  ASSERT_OK_AND_ASSIGN(const BeautyReviews reviews, ReadBeauty(dir_.path()));
  ASSERT_EQ(reviews.sequences.size(), 2U);
  EXPECT_THAT(reviews.sequences[1], testing::ElementsAre(ItemIndex(2), ItemIndex(1), ItemIndex(0)));
}

TEST_F(BeautyReaderTest, AnItemHasItsCategoryAndBrand) {
  ASSERT_OK_AND_ASSIGN(const BeautyReviews reviews, ReadBeauty(dir_.path()));
  const Item& item = reviews.catalog->at(ItemIndex(0));
  EXPECT_EQ(item.brand, "OPI");
  EXPECT_EQ(reviews.catalog->taxonomy().path(item.category), "Makeup > Nails > Nail Polish");
}

TEST_F(BeautyReaderTest, LevelsBelowTheThirdAreATag) {
  ASSERT_OK_AND_ASSIGN(const BeautyReviews reviews, ReadBeauty(dir_.path()));
  const Item& item = reviews.catalog->at(ItemIndex(1));
  EXPECT_EQ(reviews.catalog->taxonomy().path(item.category), "Hair Care > Styling > Creams, Gels");
  EXPECT_THAT(item.tags, testing::ElementsAre("Strong"));
}

TEST_F(BeautyReaderTest, LevelsThatAreMissingRepeatTheLastAndAnUnknownBrandIsNone) {
  ASSERT_OK_AND_ASSIGN(const BeautyReviews reviews, ReadBeauty(dir_.path()));
  const Item& item = reviews.catalog->at(ItemIndex(2));
  EXPECT_EQ(reviews.catalog->taxonomy().path(item.category), "Makeup > Makeup > Makeup");
  EXPECT_EQ(item.brand, "");
}

TEST_F(BeautyReaderTest, GzippedFilesAreReadAlike) {
  std::filesystem::remove(dir_.path() / "items.csv");
  WriteZipped("items.csv.gz", kItems);
  ASSERT_OK_AND_ASSIGN(const BeautyReviews reviews, ReadBeauty(dir_.path()));
  EXPECT_EQ(reviews.catalog->size(), 3U);
}

TEST_F(BeautyReaderTest, ATruncatedGzipFileIsDataLoss) {
  WriteZipped("items.csv.gz", kItems);
  const auto file = dir_.path() / "items.csv.gz";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  EXPECT_THAT(ReadBeauty(dir_.path()), FailsWith(ErrorCode::kDataLoss, "items.csv.gz"));
}

TEST_F(BeautyReaderTest, AMissingFileIsNotFound) {
  std::filesystem::remove(dir_.path() / "sequences.txt");
  EXPECT_THAT(ReadBeauty(dir_.path()), FailsWith(ErrorCode::kNotFound, "sequences.txt"));
}

TEST_F(BeautyReaderTest, AnUnknownItemIsNamedWithItsLine) {
  Write("sequences.txt", "7 1 2 3\n8 3 9 1\n");
  EXPECT_THAT(ReadBeauty(dir_.path()),
              FailsWith(ErrorCode::kInvalidArgument, "sequences.txt:2: item 9"));
}

TEST_F(BeautyReaderTest, AUserWithTooFewItemsIsNamedByLine) {
  Write("sequences.txt", "7 1 2\n");
  EXPECT_THAT(ReadBeauty(dir_.path()),
              FailsWith(ErrorCode::kInvalidArgument, "sequences.txt:1: a user with fewer than 3"));
}

TEST_F(BeautyReaderTest, NoUsersAtAllAreRefused) {
  Write("sequences.txt", "\n");
  EXPECT_THAT(ReadBeauty(dir_.path()), FailsWith(ErrorCode::kInvalidArgument, "no users"));
}

TEST_F(BeautyReaderTest, AnotherHeaderIsRefused) {
  Write("items.csv", "id,brand\n");
  EXPECT_THAT(ReadBeauty(dir_.path()),
              FailsWith(ErrorCode::kInvalidArgument, "items.csv:1: not the header"));
}

TEST_F(BeautyReaderTest, ALineWithTheWrongNumberOfCellsIsNamed) {
  Write("items.csv", "item_id,brand,category\n1,OPI\n");
  EXPECT_THAT(ReadBeauty(dir_.path()),
              FailsWith(ErrorCode::kInvalidArgument, "items.csv:2: 2 cells"));
}

TEST_F(BeautyReaderTest, AnItemWithoutACategoryIsNamedByLine) {
  Write("items.csv", "item_id,brand,category\n1,OPI,\n");
  EXPECT_THAT(ReadBeauty(dir_.path()),
              FailsWith(ErrorCode::kInvalidArgument, "items.csv:2: no category"));
}

TEST_F(BeautyReaderTest, AnItemThatOccursTwiceIsRefused) {
  Write("items.csv", "item_id,brand,category\n1,a,Makeup\n1,b,Makeup\n");
  EXPECT_THAT(ReadBeauty(dir_.path()), FailsWith(ErrorCode::kInvalidArgument, "items.csv"));
}

}  // namespace
}  // namespace twohop::app
