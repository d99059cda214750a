#include "twohop/base/binary.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

constexpr auto kMaxUnsigned = std::numeric_limits<std::uint64_t>::max();
constexpr auto kMinSigned = std::numeric_limits<std::int64_t>::min();
constexpr auto kMaxSigned = std::numeric_limits<std::int64_t>::max();

std::string Written(const std::function<void(BinaryWriter&)>& write) {
  BinaryWriter out;
  write(out);
  return std::move(out).str();
}

std::string Record() {
  return Written([](BinaryWriter& out) {
    out.Unsigned(300);
    out.Signed(-7);
    out.Float(1.5F);
    out.Double(-2.25);
    out.Bytes("tent");
    out.Floats(std::vector<float>{1, 2, 3});
  });
}

Status ReadRecord(std::string_view bytes) {
  BinaryReader in(bytes);
  in.Unsigned();
  in.Signed();
  in.Float();
  in.Double();
  in.Bytes();
  in.Floats();
  return in.Finish();
}

TEST(BinaryTest, UnsignedIntegersAreLeb128) {
  EXPECT_EQ(Written([](auto& out) { out.Unsigned(0); }), std::string(1, '\0'));
  EXPECT_EQ(Written([](auto& out) { out.Unsigned(127); }), "\x7F");
  EXPECT_EQ(Written([](auto& out) { out.Unsigned(300); }), "\xAC\x02");
  EXPECT_EQ(Written([](auto& out) { out.Unsigned(kMaxUnsigned); }).size(), 10U);
}

TEST(BinaryTest, SmallNegativeNumbersAreShort) {
  EXPECT_EQ(Written([](auto& out) { out.Signed(-1); }), "\x01");
  EXPECT_EQ(Written([](auto& out) { out.Signed(-64); }).size(), 1U);
}

TEST(BinaryTest, FloatsAreLittleEndianIeee754) {
  EXPECT_EQ(Written([](auto& out) { out.Float(1.0F); }), std::string("\0\0\x80\x3F", 4));
  EXPECT_EQ(Written([](auto& out) { out.Double(1.0); }), std::string("\0\0\0\0\0\0\xF0\x3F", 8));
}

TEST(BinaryTest, ExtremesComeBackAsTheyWere) {
  const std::string bytes = Written([](BinaryWriter& out) {
    out.Unsigned(kMaxUnsigned);
    out.Signed(kMinSigned);
    out.Signed(kMaxSigned);
    out.Float(-std::numeric_limits<float>::infinity());
    out.Double(std::numeric_limits<double>::denorm_min());
  });
  BinaryReader in(bytes);
  EXPECT_EQ(in.Unsigned(), kMaxUnsigned);
  EXPECT_EQ(in.Signed(), kMinSigned);
  EXPECT_EQ(in.Signed(), kMaxSigned);
  EXPECT_EQ(in.Float(), -std::numeric_limits<float>::infinity());
  EXPECT_EQ(in.Double(), std::numeric_limits<double>::denorm_min());
  EXPECT_THAT(in.Finish(), IsOk());
}

TEST(BinaryTest, StringsMayHoldAnyByteAndMayBeEmpty) {
  const std::string odd("a\0\xFF\n", 4);
  const std::string bytes = Written([&](BinaryWriter& out) {
    out.Bytes(odd);
    out.Bytes("");
    out.Floats({});
  });
  BinaryReader in(bytes);
  EXPECT_EQ(in.Bytes(), odd);
  EXPECT_EQ(in.Bytes(), "");
  EXPECT_TRUE(in.Floats().empty());
  EXPECT_THAT(in.Finish(), IsOk());
}

TEST(BinaryTest, EveryCutOfARecordIsDataLoss) {
  const std::string whole = Record();
  ASSERT_THAT(ReadRecord(whole), IsOk());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // A copy of that size alone, so that the sanitizer sees a read past its end.
    const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(ReadRecord({cut.data(), cut.size()}), FailsWith(ErrorCode::kDataLoss, "damaged"))
        << "cut to " << size;
  }
}

TEST(BinaryTest, BytesLeftOverAreDataLoss) {
  EXPECT_THAT(ReadRecord(Record() + "xy"), FailsWith(ErrorCode::kDataLoss, "2 too many"));
}

TEST(BinaryTest, TheFirstFailureSticksAndLaterReadsGiveZeros) {
  const std::string bytes = Written([](BinaryWriter& out) { out.Unsigned(100); }) + "abc";
  BinaryReader in(bytes);
  EXPECT_EQ(in.Bytes(), "");  // 100 bytes are not there.
  EXPECT_TRUE(in.failed());
  EXPECT_EQ(in.Unsigned(), 0U);
  EXPECT_EQ(in.Signed(), 0);
  EXPECT_EQ(in.Float(), 0.0F);
  EXPECT_EQ(in.Double(), 0.0);
  EXPECT_EQ(in.Bytes(), "");
  EXPECT_TRUE(in.Floats().empty());
  EXPECT_EQ(in.Count(), 0U);
  EXPECT_THAT(in.Finish(), FailsWith(ErrorCode::kDataLoss, "4 bytes"));
}

TEST(BinaryTest, ADamagedLengthReservesNoMemory) {
  const std::string bytes = Written([](BinaryWriter& out) { out.Unsigned(kMaxUnsigned); });
  EXPECT_TRUE(BinaryReader(bytes).Floats().empty());
  EXPECT_EQ(BinaryReader(bytes).Bytes(), "");
  EXPECT_EQ(BinaryReader(bytes).Count(), 0U);
}

TEST(BinaryTest, CountIsAcceptedUpToOneBytePerElement) {
  const std::string bytes = Written([](BinaryWriter& out) { out.Unsigned(3); });
  EXPECT_EQ(BinaryReader(bytes + "abc").Count(), 3U);
  EXPECT_EQ(BinaryReader(bytes + "ab").Count(), 0U);
}

TEST(BinaryTest, AnIntegerOutsideItsRangeIsDamage) {
  EXPECT_EQ(BinaryReader("\x03").UnsignedIn(3, 3), 3U);
  BinaryReader below("\x02");
  EXPECT_EQ(below.UnsignedIn(3, 5), 0U);
  EXPECT_TRUE(below.failed());
  BinaryReader above("\x06");
  EXPECT_EQ(above.UnsignedIn(3, 5), 0U);
  EXPECT_THAT(above.Finish(), FailsWith(ErrorCode::kDataLoss, "damaged"));
}

TEST(BinaryTest, AnIntegerOfElevenBytesIsDamage) {
  BinaryReader in("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01");
  EXPECT_EQ(in.Unsigned(), 0U);
  EXPECT_TRUE(in.failed());
}

}  // namespace
}  // namespace twohop
