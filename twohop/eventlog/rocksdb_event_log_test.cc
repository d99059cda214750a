#include "twohop/eventlog/rocksdb_event_log.h"

#include <filesystem>
#include <memory>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/eventlog/testing/event_log_contract.h"

namespace twohop {
namespace {

class RocksDbFactory {
 public:
  std::unique_ptr<EventLog> Open() { return Open(OpenMode::kReadWrite); }
  std::unique_ptr<EventLog> OpenReadOnly() { return Open(OpenMode::kReadOnly); }

 private:
  std::unique_ptr<EventLog> Open(OpenMode mode) {
    auto log = OpenRocksDbEventLog(dir_.path() / "log", mode);
    EXPECT_THAT(log, IsOk());
    return log.has_value() ? *std::move(log) : nullptr;
  }

  TempDir dir_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(RocksDb, EventLogContract, RocksDbFactory);

class RocksDbEventLogTest : public testing::Test {
 protected:
  Result<std::unique_ptr<EventLog>> Open(OpenMode mode, const EventLogOptions& options = {}) {
    return OpenRocksDbEventLog(dir(), mode, options);
  }
  std::filesystem::path dir() const { return root_.path() / "log"; }

  TempDir root_;
};

TEST_F(RocksDbEventLogTest, ReadingALogThatIsNotThereIsNotFound) {
  EXPECT_THAT(Open(OpenMode::kReadOnly), FailsWith(ErrorCode::kNotFound, dir().string()));
}

TEST_F(RocksDbEventLogTest, SecondWriterIsRefusedAndTheFolderNamed) {
  ASSERT_OK_AND_ASSIGN(const auto log, Open(OpenMode::kReadWrite));
  EXPECT_THAT(Open(OpenMode::kReadWrite),
              FailsWith(ErrorCode::kFailedPrecondition, dir().string()));
}

TEST_F(RocksDbEventLogTest, ReaderBesideAWriterSeesTheLogOfItsOpening) {
  ASSERT_OK_AND_ASSIGN(const auto writer, Open(OpenMode::kReadWrite));
  ASSERT_THAT(writer->Append(SearchEvents(2)), IsOk());
  ASSERT_OK_AND_ASSIGN(const auto reader, Open(OpenMode::kReadOnly));
  ASSERT_THAT(writer->Append(SearchEvents(2, 2)), IsOk());
  EXPECT_EQ(reader->end(), LogOffset(2));
  EXPECT_EQ(writer->end(), LogOffset(4));
}

// The child ends without closing anything, as in a crash.
TEST_F(RocksDbEventLogTest, AcknowledgedEventsSurviveACrashOfTheProcess) {
  const pid_t child = fork();
  if (child == 0) {
    auto log = Open(OpenMode::kReadWrite);
    const bool appended = log.has_value() && (*log)->Append(SearchEvents(100)).has_value();
    _exit(appended ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  ASSERT_OK_AND_ASSIGN(const auto log, Open(OpenMode::kReadWrite));
  EXPECT_EQ(log->end(), LogOffset(100));
  EXPECT_EQ(log->Append(SearchEvents(101))->duplicates, 100U);
}

TEST_F(RocksDbEventLogTest, SyncedLogWorks) {
  ASSERT_OK_AND_ASSIGN(const auto log,
                       Open(OpenMode::kReadWrite, {.sync = SyncPolicy::kEveryWrite}));
  EXPECT_THAT(log->Append(SearchEvents(3)), IsOk());
  EXPECT_EQ(log->end(), LogOffset(3));
}

}  // namespace
}  // namespace twohop
