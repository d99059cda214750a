#include "twohop/rocks/rocks_status.h"

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

using rocksdb::Status;

ErrorCode CodeOf(const rocksdb::Status& status) {
  return ToStatus(status, "folder").error().code();
}

TEST(RocksStatusTest, SuccessIsOk) { EXPECT_THAT(ToStatus(Status::OK(), "folder"), IsOk()); }

TEST(RocksStatusTest, MessageNamesTheThingAndTheReason) {
  EXPECT_THAT(ToStatus(Status::Corruption("bad block"), "state/log"),
              FailsWith(ErrorCode::kDataLoss, "state/log: Corruption: bad block"));
}

TEST(RocksStatusTest, FullDiskIsNotJustAnyIoError) {
  EXPECT_EQ(CodeOf(Status::NoSpace()), ErrorCode::kResourceExhausted);
  EXPECT_EQ(CodeOf(Status::SpaceLimit()), ErrorCode::kResourceExhausted);
  EXPECT_EQ(CodeOf(Status::MemoryLimit()), ErrorCode::kResourceExhausted);
  EXPECT_EQ(CodeOf(Status::IOError("EIO")), ErrorCode::kUnavailable);
}

TEST(RocksStatusTest, AbsenceIsNotFound) {
  EXPECT_EQ(CodeOf(Status::NotFound()), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Status::PathNotFound("x.sst")), ErrorCode::kNotFound);
}

TEST(RocksStatusTest, WhatMayPassIsUnavailable) {
  EXPECT_EQ(CodeOf(Status::Busy()), ErrorCode::kUnavailable);
  EXPECT_EQ(CodeOf(Status::TryAgain()), ErrorCode::kUnavailable);
  EXPECT_EQ(CodeOf(Status::Aborted()), ErrorCode::kUnavailable);
  EXPECT_EQ(CodeOf(Status::Incomplete()), ErrorCode::kUnavailable);
}

TEST(RocksStatusTest, TheRestKeepsItsMeaning) {
  EXPECT_EQ(CodeOf(Status::TimedOut()), ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(CodeOf(Status::ShutdownInProgress()), ErrorCode::kCancelled);
  EXPECT_EQ(CodeOf(Status::NotSupported("x")), ErrorCode::kUnimplemented);
  EXPECT_EQ(CodeOf(Status::InvalidArgument("x")), ErrorCode::kInternal);
}

}  // namespace
}  // namespace twohop
