#include "twohop/rocks/rocks_number.h"

#include <array>
#include <limits>
#include <memory>

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

constexpr std::array<RocksFamily, 1> kFamilies = {{{"meta"}}};

class RocksNumberTest : public testing::Test {
 protected:
  RocksNumberTest() { Open(OpenMode::kReadWrite); }

  void Open(OpenMode mode) {
    database_.reset();
    auto opened = RocksDatabase::Open(dir_.path() / "store", mode, kFamilies);
    EXPECT_THAT(opened, IsOk());
    if (opened.has_value()) database_ = *std::move(opened);
  }

  TempDir dir_;
  std::unique_ptr<RocksDatabase> database_;
};

TEST_F(RocksNumberTest, NumberComesBack) {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
  ASSERT_THAT(PutNumber(*database_, 0, "n", kLargest), IsOk());
  ASSERT_OK_AND_ASSIGN(const auto number, GetNumber(*database_, 0, "n"));
  EXPECT_EQ(number, kLargest);
}

TEST_F(RocksNumberTest, AbsentNumberIsNothing) {
  ASSERT_OK_AND_ASSIGN(const auto number, GetNumber(*database_, 0, "n"));
  EXPECT_EQ(number, std::nullopt);
}

TEST_F(RocksNumberTest, WhatIsNoNumberIsDataLossAndNamesTheKey) {
  rocksdb::WriteBatch batch;
  ASSERT_TRUE(batch.Put(database_->family(0), "n", "\x01\x02").ok());
  ASSERT_THAT(database_->Write(batch), IsOk());
  EXPECT_THAT(GetNumber(*database_, 0, "n"), FailsWith(ErrorCode::kDataLoss, "store: n"));
}

TEST_F(RocksNumberTest, StoreOfThisVersionOrOlderIsRead) {
  EXPECT_THAT(CheckFormat(*database_, 0, 1), IsOk());
  EXPECT_THAT(CheckFormat(*database_, 0, 2), IsOk());
}

TEST_F(RocksNumberTest, StoreOfANewerVersionIsUnimplemented) {
  ASSERT_THAT(CheckFormat(*database_, 0, 2), IsOk());
  EXPECT_THAT(CheckFormat(*database_, 0, 1), FailsWith(ErrorCode::kUnimplemented, "layout 2"));
}

TEST_F(RocksNumberTest, NewStoreOpenedForReadingIsLeftAsItIs) {
  Open(OpenMode::kReadOnly);
  EXPECT_THAT(CheckFormat(*database_, 0, 1), IsOk());
  EXPECT_EQ(*GetNumber(*database_, 0, "format"), std::nullopt);
}

}  // namespace
}  // namespace twohop
