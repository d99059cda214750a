#include "twohop/llm/circuit_breaker.h"

#include <latch>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/llm/testing/fake_chat_client.h"

namespace twohop {
namespace {

using testing::SizeIs;

// Opens after three failures, for ten seconds.
class CircuitBreakerTest : public testing::Test {
 protected:
  Result<ChatReply> Call() { return breaker_.Complete({}, {}); }
  void Succeed() {
    inner_.Reply("yes");
    EXPECT_THAT(Call(), IsOk());
  }
  void Fail(ErrorCode code = ErrorCode::kUnavailable) {
    inner_.Fail(Error(code, "scripted"));
    EXPECT_THAT(Call(), FailsWith(code, "scripted"));
  }
  void FailTimes(int times) {
    for (int i = 0; i < times; ++i) Fail();
  }
  void ExpectRefused() {
    const std::size_t asked = inner_.requests().size();
    EXPECT_THAT(Call(), FailsWith(ErrorCode::kUnavailable, "fake-chat is not asked for now"));
    EXPECT_THAT(inner_.requests(), SizeIs(asked));
  }
  void CoolDown() { clock_.Advance(std::chrono::seconds(10)); }

  ManualClock clock_;
  FakeChatClient inner_;
  CircuitBreakerChatClient breaker_{
      inner_, clock_, {.failures = 3, .cool_down = std::chrono::seconds(10)}};
};

TEST_F(CircuitBreakerTest, CallsPassWhileItIsClosed) {
  Succeed();
  FailTimes(2);
  EXPECT_EQ(breaker_.state(), BreakerState::kClosed);
  Succeed();
  EXPECT_EQ(breaker_.model(), "fake-chat");
}

TEST_F(CircuitBreakerTest, OpensAfterFailuresInARowAndRefusesAtOnce) {
  FailTimes(3);
  EXPECT_EQ(breaker_.state(), BreakerState::kOpen);
  ExpectRefused();
  ExpectRefused();
  EXPECT_EQ(breaker_.times_opened(), 1U);
  EXPECT_EQ(breaker_.calls_refused(), 2U);
}

TEST_F(CircuitBreakerTest, SlowAndRateLimitedServersCountToo) {
  Fail(ErrorCode::kDeadlineExceeded);
  Fail(ErrorCode::kResourceExhausted);
  Fail(ErrorCode::kUnavailable);
  EXPECT_EQ(breaker_.state(), BreakerState::kOpen);
}

TEST_F(CircuitBreakerTest, ASuccessStartsANewCount) {
  FailTimes(2);
  Succeed();
  FailTimes(2);
  EXPECT_EQ(breaker_.state(), BreakerState::kClosed);
}

TEST_F(CircuitBreakerTest, ARefusalShowsThatTheServerIsThere) {
  FailTimes(2);
  Fail(ErrorCode::kInvalidArgument);
  FailTimes(2);
  EXPECT_EQ(breaker_.state(), BreakerState::kClosed);
}

TEST_F(CircuitBreakerTest, ACancelledCallShowsNothing) {
  FailTimes(2);
  Fail(ErrorCode::kCancelled);
  Fail();
  EXPECT_EQ(breaker_.state(), BreakerState::kOpen);
}

TEST_F(CircuitBreakerTest, AProbeThatSucceedsClosesIt) {
  FailTimes(3);
  CoolDown();
  EXPECT_EQ(breaker_.state(), BreakerState::kHalfOpen);
  Succeed();
  EXPECT_EQ(breaker_.state(), BreakerState::kClosed);
  FailTimes(2);
  EXPECT_EQ(breaker_.state(), BreakerState::kClosed);
}

TEST_F(CircuitBreakerTest, AProbeThatFailsKeepsItOpenForAnotherCoolDown) {
  FailTimes(3);
  CoolDown();
  Fail();
  ExpectRefused();
  clock_.Advance(Milliseconds(9'999));
  ExpectRefused();
  clock_.Advance(Milliseconds(1));
  Succeed();
  EXPECT_EQ(breaker_.times_opened(), 1U);
}

TEST_F(CircuitBreakerTest, ACancelledProbeIsFollowedByAnother) {
  FailTimes(3);
  CoolDown();
  Fail(ErrorCode::kCancelled);
  EXPECT_EQ(breaker_.state(), BreakerState::kHalfOpen);
  Succeed();
  EXPECT_EQ(breaker_.state(), BreakerState::kClosed);
}

TEST_F(CircuitBreakerTest, OneProbeIsUnderWayAtATime) {
  FailTimes(3);
  CoolDown();
  std::latch asked(1);
  std::latch answer(1);
  inner_.AnswerWith([&](const ChatRequest&) -> Result<ChatReply> {
    asked.count_down();
    answer.wait();
    return inner_.MakeReply("yes");
  });
  std::jthread probe([&] { EXPECT_THAT(Call(), IsOk()); });
  asked.wait();
  ExpectRefused();
  answer.count_down();
  probe.join();
  EXPECT_EQ(breaker_.state(), BreakerState::kClosed);
}

TEST_F(CircuitBreakerTest, ACallFromBeforeItOpenedDoesNotCloseIt) {
  std::latch asked(1);
  std::latch answer(1);
  inner_.AnswerWith([&](const ChatRequest&) -> Result<ChatReply> {
    asked.count_down();
    answer.wait();
    return inner_.MakeReply("late");
  });
  std::jthread late([&] { EXPECT_THAT(Call(), IsOk()); });
  asked.wait();
  FailTimes(3);
  answer.count_down();
  late.join();
  EXPECT_EQ(breaker_.state(), BreakerState::kOpen);
}

TEST(BreakerOptionsTest, NumbersMustBeAboveZero) {
  EXPECT_THAT(BreakerOptions{}.Validate(), IsOk());
  EXPECT_THAT(BreakerOptions{.failures = 0}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "failures"));
  EXPECT_THAT(BreakerOptions{.cool_down = Milliseconds(0)}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "cool_down"));
}

TEST(BreakerStateTest, StatesHaveNamesForMetrics) {
  EXPECT_EQ(BreakerStateName(BreakerState::kClosed), "closed");
  EXPECT_EQ(BreakerStateName(BreakerState::kOpen), "open");
  EXPECT_EQ(BreakerStateName(BreakerState::kHalfOpen), "half_open");
}

}  // namespace
}  // namespace twohop
