#include "twohop/eventlog/log_record.h"

#include <string>

#include <gtest/gtest.h>

#include "twohop/base/binary.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/eventlog/testing/log_events.h"
#include "twohop/rocks/rocks_record.h"

namespace twohop::eventlog_internal {
namespace {

TEST(LogRecordTest, KeysSortAsTheirOffsets) {
  EXPECT_LT(OffsetKey(LogOffset(255)), OffsetKey(LogOffset(256)));
  EXPECT_LT(OffsetKey(LogOffset(256)), OffsetKey(LogOffset(1ULL << 63U)));
}

TEST(LogRecordTest, KeyComesBackAsItsOffset) {
  EXPECT_EQ(ParseOffsetKey(OffsetKey(LogOffset(0x0102030405060708))),
            LogOffset(0x0102030405060708));
}

TEST(LogRecordTest, KeyOfAnotherLengthIsNoOffset) {
  EXPECT_EQ(ParseOffsetKey("short"), std::nullopt);
}

TEST(LogRecordTest, EventComesBack) {
  ASSERT_OK_AND_ASSIGN(const Event event,
                       ParseEventRecord(LogOffset(7), EventRecord(LogOffset(7), SearchEvent("e"))));
  EXPECT_EQ(event, SearchEvent("e"));
}

TEST(LogRecordTest, DamagedEventIsDataLossAndNamesItsOffset) {
  std::string record = EventRecord(LogOffset(7), SearchEvent("e"));
  record.back() = static_cast<char>(record.back() ^ 1);
  EXPECT_THAT(ParseEventRecord(LogOffset(7), record), FailsWith(ErrorCode::kDataLoss, "offset 7"));
}

TEST(LogRecordTest, EventOfAnotherOffsetIsDataLoss) {
  EXPECT_THAT(ParseEventRecord(LogOffset(8), EventRecord(LogOffset(7), SearchEvent("e"))),
              FailsWith(ErrorCode::kDataLoss, "offset 8"));
}

TEST(LogRecordTest, EventOfANewerVersionIsUnimplementedAndNamesItsOffset) {
  BinaryWriter out;
  out.Unsigned(99);
  EXPECT_THAT(ParseEventRecord(LogOffset(7), SealRecord(OffsetKey(LogOffset(7)), out.str())),
              FailsWith(ErrorCode::kUnimplemented, "offset 7"));
}

}  // namespace
}  // namespace twohop::eventlog_internal
