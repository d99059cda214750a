#include "twohop/nearline/refresh_report.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace twohop {
namespace {

UserRefresh Refreshed(std::size_t interests) {
  UserRefresh refresh{RefreshOutcome::kRefreshed, interests, {}, {100, 20, 2}};
  refresh.rejected[static_cast<std::size_t>(RejectReason::kNotNovel)] = 3;
  return refresh;
}

TEST(RefreshReportTest, AddsUpWhatUsersCameTo) {
  RefreshReport report;
  report.Add(Refreshed(2));
  report.Add(Refreshed(5));
  report.Add({.outcome = RefreshOutcome::kFresh});
  EXPECT_EQ(report.refreshed, 2U);
  EXPECT_EQ(report.fresh, 1U);
  EXPECT_EQ(report.interests, 7U);
  EXPECT_EQ(report.rejected[static_cast<std::size_t>(RejectReason::kNotNovel)], 6U);
  EXPECT_EQ(report.usage, (TokenUsage{200, 40, 4}));
}

TEST(RefreshReportTest, EveryOutcomeHasItsCounter) {
  RefreshReport report;
  for (const RefreshOutcome outcome :
       {RefreshOutcome::kRefreshed, RefreshOutcome::kEmpty, RefreshOutcome::kKept,
        RefreshOutcome::kFresh, RefreshOutcome::kBusy, RefreshOutcome::kUnknown,
        RefreshOutcome::kOutdated}) {
    report.Add({.outcome = outcome});
  }
  EXPECT_EQ(report.Describe().substr(0, report.Describe().find(';')),
            "1 refreshed, 1 empty, 1 kept, 1 fresh, 1 busy, 1 unknown, 1 outdated");
  EXPECT_EQ(report.total(), 7U);
  EXPECT_EQ(report.answered(), 4U);
}

TEST(RefreshReportTest, FailuresAreAllCountedAndTheFirstOnesKept) {
  RefreshReport report;
  for (std::size_t i = 0; i <= RefreshReport::kMaxFailures; ++i) {
    report.AddFailure(UserId(fmt::format("user{}", i)), Error(ErrorCode::kInternal, "no"));
  }
  EXPECT_EQ(report.failed, RefreshReport::kMaxFailures + 1);
  EXPECT_EQ(report.failures.size(), RefreshReport::kMaxFailures);
  EXPECT_EQ(report.failures.front().user, UserId("user0"));
}

TEST(RefreshReportTest, SaysHowManyUsersASecondWereAnswered) {
  RefreshReport report;
  EXPECT_EQ(report.answered_per_second(), 0.0);
  report.Add(Refreshed(1));
  report.Add({.outcome = RefreshOutcome::kFresh});
  report.seconds = 0.5;
  EXPECT_EQ(report.answered_per_second(), 2.0);
}

TEST(RefreshReportTest, DescribesItselfInALine) {
  RefreshReport report;
  report.Add(Refreshed(2));
  report.AddFailure(UserId("ann"), Error(ErrorCode::kInternal, "no"));
  report.seconds = 2.0;
  EXPECT_EQ(
      report.Describe(),
      "1 refreshed, 1 failed; 2 interests (rejected: 3 not_novel); 2 calls, 100 tokens in, 20 "
      "out; 0.50 users/s");
}

TEST(RefreshReportTest, DescribesNothingToo) {
  EXPECT_EQ(RefreshReport().Describe(),
            "no users; 0 interests; 0 calls, 0 tokens in, 0 out; 0.00 users/s");
}

}  // namespace
}  // namespace twohop
