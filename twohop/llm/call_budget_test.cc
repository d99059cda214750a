#include "twohop/llm/call_budget.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/file.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/llm/testing/fake_chat_client.h"

namespace twohop {
namespace {

using testing::SizeIs;

// Calls with a prompt of 30 bytes, so of at most 10 tokens before the first reply, and replies of
// at most 20. What a call really uses is what the test says.
class CallBudgetTest : public testing::Test {
 protected:
  CallBudgetTest() { AnswerWith({.prompt_tokens = 10, .completion_tokens = 20, .calls = 1}); }

  void AnswerWith(const TokenUsage& usage) {
    inner_.AnswerWith([this, usage](const ChatRequest&) -> Result<ChatReply> {
      meter_.Record("test", usage, 0.0);
      ChatReply reply = inner_.MakeReply("yes");
      reply.usage = usage;
      return reply;
    });
  }

  void Limit(const CallLimits& limits) {
    chat_ = MakeBudgetedChatClient(inner_, meter_, kPrice, limits);
  }

  Result<ChatReply> Call(std::stop_token stop = {}) { return chat_->Complete(kRequest, stop); }

  static constexpr TokenPrice kPrice{.prompt_usd_per_million = 1'000'000,
                                     .completion_usd_per_million = 2'000'000};
  const ChatRequest kRequest{.messages = {{.content = std::string(30, 'x')}}, .max_tokens = 20};
  TokenMeter meter_{kPrice};
  FakeChatClient inner_;
  std::unique_ptr<ChatClient> chat_;
};

TEST_F(CallBudgetTest, WithoutLimitsEverythingPasses) {
  Limit({});
  EXPECT_THAT(Call(), IsOk());
  EXPECT_EQ(chat_->model(), "fake-chat");
}

TEST_F(CallBudgetTest, TheCallThatMayExceedTheTokensIsNotMade) {
  Limit({.max_tokens = 60});
  EXPECT_THAT(Call(), IsOk());
  EXPECT_THAT(Call(), IsOk());
  EXPECT_THAT(Call(), FailsWith(ErrorCode::kResourceExhausted, "60 tokens"));
  EXPECT_THAT(inner_.requests(), SizeIs(2));
  EXPECT_EQ(meter_.Total().usage.prompt_tokens + meter_.Total().usage.completion_tokens, 60U);
}

TEST_F(CallBudgetTest, TheCallThatMayExceedTheMoneyIsNotMade) {
  Limit({.max_usd = 99.5});
  EXPECT_THAT(Call(), IsOk());
  EXPECT_THAT(Call(), FailsWith(ErrorCode::kResourceExhausted, "$99.5"));
  EXPECT_THAT(inner_.requests(), SizeIs(1));
}

TEST_F(CallBudgetTest, WhatIsNotUsedIsLeftForOthers) {
  AnswerWith({.prompt_tokens = 10, .completion_tokens = 2, .calls = 1});
  Limit({.max_tokens = 54});
  EXPECT_THAT(Call(), IsOk());
  EXPECT_THAT(Call(), IsOk());
  EXPECT_THAT(Call(), IsOk());
  EXPECT_THAT(Call(), FailsWith(ErrorCode::kResourceExhausted, "36 tokens, $42.0000 are spent"));
}

TEST_F(CallBudgetTest, LearnsHowManyTokensTheServerMakesOfAPrompt) {
  AnswerWith({.prompt_tokens = 30, .completion_tokens = 0, .calls = 1});
  Limit({.max_tokens = 79});
  EXPECT_THAT(Call(), IsOk());
  EXPECT_THAT(Call(), FailsWith(ErrorCode::kResourceExhausted, "may take 50 tokens"));
}

TEST_F(CallBudgetTest, CallsSideBySideStayWithinTheLimitTogether) {
  Limit({.max_tokens = 95});
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 8; ++i) callers.emplace_back([this] { (void)Call(); });
  }
  EXPECT_THAT(inner_.requests(), SizeIs(3));
}

TEST_F(CallBudgetTest, ACallThatMayExceedTheCeilingOfOneIsNotMade) {
  Limit({.max_call_tokens = 29});
  EXPECT_THAT(Call(), FailsWith(ErrorCode::kInvalidArgument, "a call may take 29 tokens"));
  Limit({.max_call_tokens = 30});
  EXPECT_THAT(Call(), IsOk());
  EXPECT_THAT(inner_.requests(), SizeIs(1));
}

TEST_F(CallBudgetTest, AFailedCallThatWasPaidForCounts) {
  inner_.AnswerWith([this](const ChatRequest&) -> Result<ChatReply> {
    meter_.Record("test", {.prompt_tokens = 9, .completion_tokens = 16, .calls = 1}, 0.0);
    return Internal("no answer that makes sense");
  });
  Limit({.max_tokens = 54});
  EXPECT_THAT(Call(), FailsWith(ErrorCode::kInternal, "sense"));
  EXPECT_THAT(Call(), FailsWith(ErrorCode::kResourceExhausted, "25 tokens"));
}

TEST_F(CallBudgetTest, AFailedCallGivesItsShareBack) {
  inner_.Fail(Error(ErrorCode::kUnavailable, "gone"));
  Limit({.max_tokens = 30});
  EXPECT_THAT(Call(), FailsWith(ErrorCode::kUnavailable, "gone"));
  EXPECT_THAT(Call(), IsOk());
}

TEST_F(CallBudgetTest, AStopIsPassedOn) {
  Limit({.max_tokens = 30});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(Call(stop.get_token()), FailsWith(ErrorCode::kCancelled, "stop"));
}

// The same calls, with a day's budget that is kept in a file. 2023-11-14, 22:13 UTC.
class DailyBudgetTest : public CallBudgetTest {
 protected:
  DailyBudgetTest() { Start(); }

  // As the program does: with meters that count from 0.
  void Start() {
    auto ledger = SpendingLedger::OpenDaily(dir_.path() / "llm" / "spending.json", clock_);
    ASSERT_THAT(ledger, IsOk());
    ledger_ = *std::move(ledger);
    chat_ = MakeBudgetedChatClient(inner_, meter_, kPrice, {.max_tokens = 60}, *ledger_);
  }

  TempDir dir_;
  ManualClock clock_;
  std::unique_ptr<SpendingLedger> ledger_;
};

TEST_F(DailyBudgetTest, ASpentDaySaysWhenItIsOver) {
  EXPECT_THAT(Call(), IsOk());
  EXPECT_THAT(Call(), IsOk());
  EXPECT_THAT(Call(), FailsWith(ErrorCode::kResourceExhausted, "2023-11-15T00:00:00.000Z"));
}

TEST_F(DailyBudgetTest, ARestartKeepsWhatTheDayHasSpent) {
  EXPECT_THAT(Call(), IsOk());
  Start();
  EXPECT_THAT(Call(), IsOk());
  Start();
  EXPECT_THAT(Call(), FailsWith(ErrorCode::kResourceExhausted, "60 tokens, $100.0000 are spent"));
}

TEST_F(DailyBudgetTest, ANewDayFreesTheBudget) {
  EXPECT_THAT(Call(), IsOk());
  EXPECT_THAT(Call(), IsOk());
  clock_.Advance(std::chrono::hours(2));
  EXPECT_THAT(Call(), IsOk());
  EXPECT_EQ(ledger_->Spent()->tokens, 30U);
}

TEST_F(DailyBudgetTest, ManyCallersTogetherStayWithinTheDay) {
  std::atomic<int> answered = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 8; ++i) {
      callers.emplace_back([&] {
        for (int call = 0; call < 4; ++call) answered += Call().has_value() ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(answered, 2);
  EXPECT_EQ(ledger_->Spent()->tokens, 60U);
}

TEST_F(DailyBudgetTest, AReplyWhoseCostCannotBeBookedIsNotThrownAway) {
  const auto file = dir_.path() / "llm" / "spending.json";
  inner_.AnswerWith([&](const ChatRequest&) -> Result<ChatReply> {
    EXPECT_THAT(WriteFileAtomically(file, "not JSON"), IsOk());
    return inner_.MakeReply("yes");
  });
  EXPECT_THAT(Call(), IsOk());
  EXPECT_THAT(Call(), FailsWith(ErrorCode::kDataLoss, "spending.json"));
}

}  // namespace
}  // namespace twohop
