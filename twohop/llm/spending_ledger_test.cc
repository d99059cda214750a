#include "twohop/llm/spending_ledger.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

constexpr CallLimits kHundredTokens{.max_tokens = 100};

// 2023-11-14, 22:13 UTC.
class SpendingLedgerTest : public testing::Test {
 protected:
  std::unique_ptr<SpendingLedger> Open() {
    auto ledger = SpendingLedger::OpenDaily(file_, clock_);
    EXPECT_THAT(ledger, IsOk());
    return ledger.has_value() ? *std::move(ledger) : std::make_unique<SpendingLedger>();
  }

  static std::optional<SpendingLedger::Reservation> Reserve(SpendingLedger& ledger,
                                                            std::uint64_t tokens) {
    auto reserved = ledger.Reserve({.tokens = tokens}, kHundredTokens);
    EXPECT_THAT(reserved, IsOk());
    return reserved.value_or(std::nullopt);
  }

  TempDir dir_;
  const std::filesystem::path file_ = dir_.path() / "spending.json";
  ManualClock clock_;
};

TEST_F(SpendingLedgerTest, WhatIsReservedCountsUntilItIsSettled) {
  SpendingLedger ledger;
  const auto first = Reserve(ledger, 60);
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(Reserve(ledger, 41).has_value());
  EXPECT_THAT(ledger.Settle(*first, {.tokens = 59}), IsOk());
  EXPECT_TRUE(Reserve(ledger, 41).has_value());
  EXPECT_EQ(*ledger.Spent(), (Spending{.tokens = 100}));
  EXPECT_EQ(ledger.renewal(), std::nullopt);
}

TEST_F(SpendingLedgerTest, MoneyHasALimitOfItsOwn) {
  SpendingLedger ledger;
  const CallLimits limits{.max_usd = 1.0};
  EXPECT_TRUE((*ledger.Reserve({.tokens = 1'000'000, .usd = 0.75}, limits)).has_value());
  EXPECT_FALSE((*ledger.Reserve({.tokens = 1, .usd = 0.5}, limits)).has_value());
}

TEST_F(SpendingLedgerTest, ALargerCallThanTheWholeBudgetDoesNotFit) {
  SpendingLedger ledger;
  EXPECT_FALSE(Reserve(ledger, 101).has_value());
  EXPECT_FALSE(Reserve(ledger, UINT64_MAX).has_value());
}

TEST_F(SpendingLedgerTest, IsKeptOverARestart) {
  ASSERT_TRUE(Reserve(*Open(), 60).has_value());
  EXPECT_EQ(Open()->Spent()->tokens, 60U);
}

TEST_F(SpendingLedgerTest, TwoProcessesShareOneDay) {
  const auto one = Open();
  const auto other = Open();
  ASSERT_TRUE(Reserve(*one, 60).has_value());
  EXPECT_FALSE(Reserve(*other, 60).has_value());
}

TEST_F(SpendingLedgerTest, ANewDayBeginsAtMidnightUtc) {
  const auto ledger = Open();
  ASSERT_TRUE(Reserve(*ledger, 100).has_value());
  clock_.Advance(*ledger->renewal() - clock_.Now() - Milliseconds(1));
  EXPECT_FALSE(Reserve(*ledger, 1).has_value());
  clock_.Advance(Milliseconds(1));
  EXPECT_TRUE(Reserve(*ledger, 100).has_value());
}

TEST_F(SpendingLedgerTest, ACallAcrossMidnightCountsInTheNewDayToo) {
  const auto ledger = Open();
  const auto reserved = Reserve(*ledger, 100);
  ASSERT_TRUE(reserved.has_value());
  clock_.Advance(std::chrono::hours(2));
  EXPECT_THAT(ledger->Settle(*reserved, {.tokens = 30, .usd = 0.5}), IsOk());
  EXPECT_EQ(*ledger->Spent(), (Spending{.tokens = 30, .usd = 0.5}));
}

TEST_F(SpendingLedgerTest, CallersSideBySideNeverReserveTooMuch) {
  const auto ledger = Open();
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 8; ++i) {
      callers.emplace_back([&] {
        for (int call = 0; call < 5; ++call) Reserve(*ledger, 7);
      });
    }
  }
  EXPECT_EQ(ledger->Spent()->tokens, 98U);
}

class DamagedLedgerTest : public SpendingLedgerTest,
                          public testing::WithParamInterface<const char*> {};

TEST_P(DamagedLedgerTest, IsDataLossThatNamesTheFile) {
  ASSERT_THAT(WriteFileAtomically(file_, GetParam()), IsOk());
  EXPECT_THAT(SpendingLedger::OpenDaily(file_, clock_),
              FailsWith(ErrorCode::kDataLoss, "spending.json"));
}

INSTANTIATE_TEST_SUITE_P(Contents, DamagedLedgerTest,
                         testing::Values("", "{", "[]", R"({"day":"2023-11-14"})",
                                         R"({"day":7,"tokens":1,"usd":0})",
                                         R"({"day":"2023-11-14","tokens":-1,"usd":0})",
                                         R"({"day":"2023-11-14","tokens":1,"usd":-1})",
                                         R"({"day":"2023-11-14","tokens":1,"usd":"1"})"));

}  // namespace
}  // namespace twohop
