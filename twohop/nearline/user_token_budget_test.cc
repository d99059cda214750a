#include "twohop/nearline/user_token_budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"

namespace twohop {
namespace {

using testing::HasSubstr;
using testing::Not;

// 100 tokens a day. 2023-11-14, 22:13 UTC.
class UserTokenBudgetTest : public testing::Test {
 protected:
  UserTokenBudgetTest() { Open(); }

  void Open() {
    auto budget = UserTokenBudget::Open(file_, 100, clock_);
    ASSERT_THAT(budget, IsOk());
    budget_ = *std::move(budget);
  }

  void Spend(std::string_view user, std::uint64_t prompt, std::uint64_t completion) {
    const TokenUsage usage{.prompt_tokens = prompt, .completion_tokens = completion, .calls = 1};
    EXPECT_THAT(budget_->Record(UserId(std::string(user)), usage), IsOk());
  }

  bool IsSpent(std::string_view user) { return budget_->IsSpent(UserId(std::string(user))); }

  TempDir dir_;
  const std::filesystem::path file_ = dir_.path() / "llm" / "user_tokens.txt";
  ManualClock clock_;
  std::unique_ptr<UserTokenBudget> budget_;
};

TEST_F(UserTokenBudgetTest, EachUserHasOnesOwn) {
  Spend("ann", 60, 39);
  EXPECT_FALSE(IsSpent("ann"));
  Spend("ann", 1, 0);
  EXPECT_TRUE(IsSpent("ann"));
  EXPECT_FALSE(IsSpent("bob"));
}

TEST_F(UserTokenBudgetTest, ARestartKeepsTheDay) {
  Spend("ann", 60, 0);
  Open();
  EXPECT_FALSE(IsSpent("ann"));
  Spend("ann", 40, 0);
  Open();
  EXPECT_TRUE(IsSpent("ann"));
}

TEST_F(UserTokenBudgetTest, ANewDayFreesEveryone) {
  Spend("ann", 100, 0);
  clock_.Advance(std::chrono::hours(2));
  EXPECT_FALSE(IsSpent("ann"));
  Spend("ann", 99, 0);
  Open();
  EXPECT_FALSE(IsSpent("ann"));
}

TEST_F(UserTokenBudgetTest, YesterdayIsForgottenWhenItIsOpened) {
  Spend("ann", 100, 0);
  clock_.Advance(std::chrono::hours(2));
  Open();
  EXPECT_EQ(*ReadFile(file_), "");
}

TEST_F(UserTokenBudgetTest, IdsAreNotWrittenDown) {
  Spend("ann@example.com", 5, 0);
  EXPECT_THAT(*ReadFile(file_), Not(HasSubstr("ann")));
}

TEST_F(UserTokenBudgetTest, ATornLineIsLeftOut) {
  Spend("ann", 100, 0);
  const std::string whole = *ReadFile(file_);
  ASSERT_THAT(WriteFileAtomically(file_, whole + "rubbish\n2023-11-14 zz 7\n2023-11-14 00"),
              IsOk());
  Open();
  EXPECT_TRUE(IsSpent("ann"));
  EXPECT_EQ(*ReadFile(file_), whole);
}

}  // namespace
}  // namespace twohop
