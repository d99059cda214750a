#include "twohop/base/time_format.h"

#include <string>

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""us;

constexpr TimePoint kTime = std::chrono::sys_days(std::chrono::year(2026) / 1 / 31) +
                            std::chrono::hours(8) + 5min + 9s + 120ms;

TEST(FormatTimeTest, IsRfc3339ToTheMillisecond) {
  EXPECT_EQ(FormatTime(kTime), "2026-01-31T08:05:09.120Z");
  EXPECT_EQ(FormatTime(TimePoint()), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatTime(TimePoint(-1ms)), "1969-12-31T23:59:59.999Z");
}

TEST(ParseTimeTest, ReadsWhatFormatTimeWrites) {
  EXPECT_EQ(ParseTime(FormatTime(kTime)), kTime);
  EXPECT_EQ(ParseTime(FormatTime(TimePoint(-1ms))), TimePoint(-1ms));
}

TEST(ParseTimeTest, ReadsTheFormsOfRfc3339) {
  EXPECT_EQ(ParseTime("2026-01-31T08:05:09Z"), kTime - 120ms);
  EXPECT_EQ(ParseTime("2026-01-31 08:05:09.12z"), kTime);
  EXPECT_EQ(ParseTime("2026-01-31t16:05:09.120+08:00"), kTime);
  EXPECT_EQ(ParseTime("2026-01-31T02:35:09.120-05:30"), kTime);
  EXPECT_EQ(ParseTime("2024-02-29T00:00:00Z"),
            TimePoint(std::chrono::sys_days(std::chrono::year(2024) / 2 / 29)));
}

TEST(ParseTimeTest, FinerFractionsAreCutToTheMillisecond) {
  EXPECT_EQ(ParseTime("2026-01-31T08:05:09.120999999Z"), kTime);
}

TEST(ParseTimeTest, ReadsSecondsAndMilliseconds) {
  EXPECT_EQ(ParseTime("0"), TimePoint());
  EXPECT_EQ(ParseTime("1769846709"), TimePoint(1769846709s));
  EXPECT_EQ(ParseTime("1769846709120"), TimePoint(1769846709120ms));
  EXPECT_EQ(ParseTime("99999999999"), TimePoint(99999999999s));
  EXPECT_EQ(ParseTime("100000000000"), TimePoint(100000000000ms));
}

class NotATimeTest : public testing::TestWithParam<const char*> {};

TEST_P(NotATimeTest, IsInvalidAndNamed) {
  EXPECT_THAT(ParseTime(GetParam()), FailsWith(ErrorCode::kInvalidArgument, GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Texts, NotATimeTest,
                         testing::Values("", "yesterday", "2026-01-31", "2026-01-31T08:05Z",
                                         "2026-01-31T08:05:09",   // No zone.
                                         "2026-02-30T08:05:09Z",  // No such day.
                                         "2025-02-29T08:05:09Z", "2026-13-01T08:05:09Z",
                                         "2026-00-01T08:05:09Z", "2026-01-31T24:05:09Z",
                                         "2026-01-31T08:60:09Z", "2026-01-31T08:05:61Z",
                                         "2026-01-31T08:05:09+24:00", "2026-01-31T08:05:09+08",
                                         "2026-01-31T08:05:09Z ", "2026-01-31T08:05:09.Z",
                                         "2026-1-31T08:05:09Z", "-5", "1.5", "+5", "0x10",
                                         "99999999999999999", "99999999999999999999999"));

TEST(ParseTimeTest, TheMessageIsShortWhateverTheText) {
  EXPECT_LT(ParseTime(std::string(100'000, 'x')).error().message().size(), 100U);
}

TEST(FormatDurationTest, IsReadable) {
  EXPECT_EQ(FormatDuration(850ms), "850 ms");
  EXPECT_EQ(FormatDuration(12300ms), "12.3 s");
  EXPECT_EQ(FormatDuration(4min + 5s), "4 min 05 s");
  EXPECT_EQ(FormatDuration(0ms), "0 ms");
}

TEST(FormatDurationTest, RoundsIntoTheNextUnit) {
  EXPECT_EQ(FormatDuration(999'600us), "1.0 s");
  EXPECT_EQ(FormatDuration(99'960ms), "1 min 40 s");
  EXPECT_EQ(FormatDuration(119'600ms), "2 min 00 s");
}

}  // namespace
}  // namespace twohop
