#include "twohop/eventlog/rocksdb_log.h"

#include <array>
#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/eventlog/log_record.h"
#include "twohop/eventlog/testing/log_events.h"
#include "twohop/rocks/rocks_number.h"
#include "twohop/rocks/testing/full_disk.h"

namespace twohop::eventlog_internal {
namespace {

// The families of the log, so that tests can reach behind it.
constexpr std::array<RocksFamily, 4> kFamilies = {{
    {"events", RocksAccess::kInOrder},
    {"ids", RocksAccess::kByKey},
    {"consumers", RocksAccess::kByKey},
    {"meta", RocksAccess::kByKey},
}};
constexpr std::size_t kEvents = 0;
constexpr std::size_t kMeta = 3;

class RocksDbLogTest : public testing::Test {
 protected:
  Result<std::unique_ptr<RocksDbLog>> Open() {
    RocksOptions options;
    options.env = disk_.env();
    return RocksDbLog::Open(dir(), OpenMode::kReadWrite, options);
  }

  void OpenWith(std::size_t events) {
    auto log = Open();
    ASSERT_THAT(log, IsOk());
    log_ = *std::move(log);
    ASSERT_THAT(log_->Append(SearchEvents(events)), IsOk());
  }

  // Changes the stored bytes while the log is closed.
  void Store(std::size_t family, std::string_view key, std::string_view value) {
    WithDatabase([&](RocksDatabase& database, rocksdb::WriteBatch& batch) {
      return batch.Put(database.family(family), ToSlice(key), ToSlice(value));
    });
  }

  void Erase(std::size_t family, std::string_view key) {
    WithDatabase([&](RocksDatabase& database, rocksdb::WriteBatch& batch) {
      return batch.Delete(database.family(family), ToSlice(key));
    });
  }

  template <typename Change>
  void WithDatabase(Change change) {
    log_.reset();
    ASSERT_OK_AND_ASSIGN(const auto database,
                         RocksDatabase::Open(dir(), OpenMode::kReadWrite, kFamilies));
    rocksdb::WriteBatch batch;
    ASSERT_TRUE(change(*database, batch).ok());
    ASSERT_THAT(database->Write(batch), IsOk());
  }

  void Reopen() {
    log_.reset();
    auto log = Open();
    ASSERT_THAT(log, IsOk());
    log_ = *std::move(log);
  }

  std::filesystem::path dir() const { return root_.path() / "log"; }

  TempDir root_;
  FullDisk disk_;
  std::unique_ptr<RocksDbLog> log_;
};

TEST_F(RocksDbLogTest, DamagedRecordIsDataLossAndNamesItsOffset) {
  OpenWith(3);
  std::string record = EventRecord(LogOffset(1), SearchEvent("e1"));
  record[10] = static_cast<char>(record[10] ^ 0x40);
  Store(kEvents, OffsetKey(LogOffset(1)), record);
  Reopen();
  EXPECT_THAT(log_->Read(LogOffset(0), 10), FailsWith(ErrorCode::kDataLoss, "offset 1"));
}

TEST_F(RocksDbLogTest, EventsBeforeAndAfterADamagedRecordStayReadable) {
  OpenWith(3);
  Store(kEvents, OffsetKey(LogOffset(1)), "damaged");
  Reopen();
  EXPECT_THAT(log_->Read(LogOffset(0), 1), IsOk());
  EXPECT_THAT(log_->Read(LogOffset(2), 10), IsOk());
}

TEST_F(RocksDbLogTest, MissingRecordIsDataLossAndNamesItsOffset) {
  OpenWith(3);
  Erase(kEvents, OffsetKey(LogOffset(1)));
  Reopen();
  EXPECT_THAT(log_->Read(LogOffset(0), 10), FailsWith(ErrorCode::kDataLoss, "offset 1 is missing"));
}

TEST_F(RocksDbLogTest, DamagedConsumerOffsetIsDataLoss) {
  OpenWith(1);
  Store(/*consumers*/ 2, "nearline", "");
  Reopen();
  EXPECT_THAT(log_->Committed("nearline"), FailsWith(ErrorCode::kDataLoss, "nearline"));
}

TEST_F(RocksDbLogTest, LayoutOfANewerVersionIsUnimplemented) {
  OpenWith(1);
  Store(kMeta, "format", NumberValue(2));
  EXPECT_THAT(Open(), FailsWith(ErrorCode::kUnimplemented, dir().string()));
}

TEST_F(RocksDbLogTest, KeyThatIsNoOffsetIsDataLoss) {
  OpenWith(1);
  Store(kEvents, "\xFF", "x");
  EXPECT_THAT(Open(), FailsWith(ErrorCode::kDataLoss, dir().string()));
}

TEST_F(RocksDbLogTest, FullDiskIsResourceExhaustedAndTheLogStaysReadable) {
  OpenWith(2);
  disk_.Fill();
  EXPECT_THAT(log_->Append(SearchEvents(2, 2)),
              FailsWith(ErrorCode::kResourceExhausted, dir().string()));
  EXPECT_EQ(log_->end(), LogOffset(2));
  EXPECT_EQ(log_->Read(LogOffset(0), 10)->events.size(), 2U);
}

TEST_F(RocksDbLogTest, AppendAfterTheDiskHasRoomAgainLosesAndRepeatsNothing) {
  OpenWith(2);
  disk_.Fill();
  EXPECT_FALSE(log_->Append(SearchEvents(2, 2)).has_value());
  disk_.Free();
  ASSERT_OK_AND_ASSIGN(const AppendResult result, log_->Append(SearchEvents(4)));
  EXPECT_EQ(result.appended, 2U);
  EXPECT_EQ(result.next, LogOffset(4));
  Reopen();
  EXPECT_EQ(log_->Read(LogOffset(0), 10)->events.size(), 4U);
}

}  // namespace
}  // namespace twohop::eventlog_internal
