#include "twohop/rocks/rocks_database.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/rocks/testing/full_disk.h"

namespace twohop {
namespace {

constexpr std::array<RocksFamily, 2> kFamilies = {{
    {"things", RocksAccess::kByKey},
    {"lines", RocksAccess::kInOrder},
}};

class RocksDatabaseTest : public testing::Test {
 protected:
  Result<std::unique_ptr<RocksDatabase>> Open(OpenMode mode) {
    RocksOptions options;
    options.env = disk_.env();
    return RocksDatabase::Open(dir(), mode, kFamilies, options);
  }

  void OpenForWriting() {
    database_.reset();
    auto opened = Open(OpenMode::kReadWrite);
    ASSERT_THAT(opened, IsOk());
    database_ = *std::move(opened);
  }

  Status Put(RocksDatabase& database, std::string_view key, std::string_view value) {
    rocksdb::WriteBatch batch;
    EXPECT_TRUE(batch.Put(database.family(0), ToSlice(key), ToSlice(value)).ok());
    return database.Write(batch);
  }

  static std::string ValueOf(const RocksDatabase& database, std::string_view key) {
    const auto value = database.Get(0, key);
    if (!value.has_value()) return value.error().message();
    return value->has_value() ? (*value)->ToString() : "(absent)";
  }

  void FlipByteInFirst(std::string_view extension, std::streamoff at) {
    for (const auto& entry : std::filesystem::directory_iterator(dir())) {
      if (entry.path().extension() != extension || entry.file_size() == 0) continue;
      std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekg(at);
      const int byte = file.get();
      file.seekp(at);
      file.put(static_cast<char>(byte ^ 0xFF));
      return;
    }
    FAIL() << "no file " << extension;
  }

  std::filesystem::path dir() const { return root_.path() / "store"; }

  TempDir root_;
  FullDisk disk_;
  std::unique_ptr<RocksDatabase> database_;
};

TEST_F(RocksDatabaseTest, WhatIsWrittenSurvivesReopening) {
  OpenForWriting();
  ASSERT_THAT(Put(*database_, "k", "v"), IsOk());
  OpenForWriting();
  EXPECT_EQ(ValueOf(*database_, "k"), "v");
}

TEST_F(RocksDatabaseTest, AbsentKeyIsNothingNotAnError) {
  OpenForWriting();
  EXPECT_EQ(ValueOf(*database_, "k"), "(absent)");
}

TEST_F(RocksDatabaseTest, SecondWriterIsRefusedAndTheFolderNamed) {
  OpenForWriting();
  EXPECT_THAT(Open(OpenMode::kReadWrite),
              FailsWith(ErrorCode::kFailedPrecondition, dir().string() + " is open for writing"));
}

TEST_F(RocksDatabaseTest, ReaderSeesTheStateOfOpeningWhileAWriterGoesOn) {
  OpenForWriting();
  ASSERT_THAT(Put(*database_, "k", "old"), IsOk());
  ASSERT_OK_AND_ASSIGN(const auto reader, Open(OpenMode::kReadOnly));
  ASSERT_THAT(Put(*database_, "k", "new"), IsOk());
  ASSERT_TRUE(database_->db().Flush(rocksdb::FlushOptions(), database_->family(0)).ok());
  EXPECT_EQ(ValueOf(*reader, "k"), "old");
}

TEST_F(RocksDatabaseTest, ReaderCannotWrite) {
  OpenForWriting();
  ASSERT_OK_AND_ASSIGN(const auto reader, Open(OpenMode::kReadOnly));
  EXPECT_THAT(Put(*reader, "k", "v"), FailsWith(ErrorCode::kFailedPrecondition, dir().string()));
}

TEST_F(RocksDatabaseTest, ReadingWhatIsNotThereIsNotFoundAndMakesNothing) {
  EXPECT_THAT(Open(OpenMode::kReadOnly), FailsWith(ErrorCode::kNotFound, dir().string()));
  EXPECT_FALSE(std::filesystem::exists(dir()));
}

TEST_F(RocksDatabaseTest, StoreOfAnotherKindIsRefused) {
  OpenForWriting();
  database_.reset();
  constexpr std::array<RocksFamily, 1> kOther = {{{"other"}}};
  EXPECT_THAT(RocksDatabase::Open(dir(), OpenMode::kReadWrite, kOther),
              FailsWith(ErrorCode::kFailedPrecondition, "another kind of store"));
}

TEST_F(RocksDatabaseTest, TornEndOfTheWriteAheadLogIsCutOff) {
  OpenForWriting();
  ASSERT_THAT(Put(*database_, "first", "v"), IsOk());
  ASSERT_THAT(Put(*database_, "second", "v"), IsOk());
  database_.reset();
  for (const auto& entry : std::filesystem::directory_iterator(dir())) {
    if (entry.path().extension() == ".log" && entry.file_size() > 0) {
      std::filesystem::resize_file(entry.path(), entry.file_size() - 1);
    }
  }
  OpenForWriting();
  EXPECT_EQ(ValueOf(*database_, "first"), "v");
  EXPECT_EQ(ValueOf(*database_, "second"), "(absent)");
}

TEST_F(RocksDatabaseTest, DamageInsideTheWriteAheadLogIsDataLoss) {
  OpenForWriting();
  ASSERT_THAT(Put(*database_, "first", "v"), IsOk());
  ASSERT_THAT(Put(*database_, "second", "v"), IsOk());
  database_.reset();
  FlipByteInFirst(".log", 10);
  EXPECT_THAT(Open(OpenMode::kReadWrite), FailsWith(ErrorCode::kDataLoss, dir().string()));
}

TEST_F(RocksDatabaseTest, MissingTableIsDataLoss) {
  OpenForWriting();
  ASSERT_THAT(Put(*database_, "k", "v"), IsOk());
  ASSERT_TRUE(database_->db().Flush(rocksdb::FlushOptions(), database_->family(0)).ok());
  database_.reset();
  for (const auto& entry : std::filesystem::directory_iterator(dir())) {
    if (entry.path().extension() == ".sst") std::filesystem::remove(entry.path());
  }
  EXPECT_THAT(Open(OpenMode::kReadWrite), FailsWith(ErrorCode::kDataLoss, dir().string()));
  EXPECT_THAT(Open(OpenMode::kReadOnly), FailsWith(ErrorCode::kDataLoss, dir().string()));
}

TEST_F(RocksDatabaseTest, FolderThatCannotBeMadeIsAnError) {
  root_.Write("store", "a file in the way");
  EXPECT_THAT(Open(OpenMode::kReadWrite), FailsWith(ErrorCode::kUnavailable, dir().string()));
}

TEST_F(RocksDatabaseTest, OpeningOnAFullDiskIsResourceExhausted) {
  disk_.Fill();
  EXPECT_THAT(Open(OpenMode::kReadWrite), FailsWith(ErrorCode::kResourceExhausted, dir().string()));
}

TEST_F(RocksDatabaseTest, FullDiskRefusesWritesAndKeepsReads) {
  OpenForWriting();
  ASSERT_THAT(Put(*database_, "k", "v"), IsOk());
  disk_.Fill();
  EXPECT_THAT(Put(*database_, "k", "w"), FailsWith(ErrorCode::kResourceExhausted, dir().string()));
  EXPECT_THAT(Put(*database_, "k", "x"), FailsWith(ErrorCode::kResourceExhausted, dir().string()));
  EXPECT_EQ(ValueOf(*database_, "k"), "v");
}

TEST_F(RocksDatabaseTest, WritingWorksAgainOnceTheDiskHasRoom) {
  OpenForWriting();
  ASSERT_THAT(Put(*database_, "k", "v"), IsOk());
  disk_.Fill();
  EXPECT_FALSE(Put(*database_, "k", "w").has_value());
  disk_.Free();
  EXPECT_THAT(Put(*database_, "k", "x"), IsOk());
  OpenForWriting();
  EXPECT_EQ(ValueOf(*database_, "k"), "x");
}

TEST_F(RocksDatabaseTest, EveryWriteCanBeSynced) {
  RocksOptions options;
  options.sync = SyncPolicy::kEveryWrite;
  ASSERT_OK_AND_ASSIGN(const auto database,
                       RocksDatabase::Open(dir(), OpenMode::kReadWrite, kFamilies, options));
  EXPECT_THAT(Put(*database, "k", "v"), IsOk());
  EXPECT_EQ(ValueOf(*database, "k"), "v");
}

}  // namespace
}  // namespace twohop
