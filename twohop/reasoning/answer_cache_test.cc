#include "twohop/reasoning/answer_cache.h"

#include <atomic>
#include <latch>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/reasoning/ask_once.h"

namespace twohop {
namespace {

using testing::ElementsAre;

AnswerQuestion Question(std::string text, std::string asker = "ann") {
  return {.text = std::move(text), .asker = UserId(std::move(asker))};
}

TEST(AnswerCacheTest, EveryFieldButTheAskerMakesAnotherQuestion) {
  const AnswerQuestion base = Question("tent");
  EXPECT_EQ(QuestionKey(base), QuestionKey(Question("tent", "bob")));
  for (std::string AnswerQuestion::*field :
       {&AnswerQuestion::text, &AnswerQuestion::segment, &AnswerQuestion::hint,
        &AnswerQuestion::prompt_version, &AnswerQuestion::model}) {
    AnswerQuestion other = base;
    other.*field += "\nx";
    EXPECT_NE(QuestionKey(other), QuestionKey(base));
  }
  AnswerQuestion other = base;
  other.uses_adapter = true;
  EXPECT_NE(QuestionKey(other), QuestionKey(base));
  other = base;
  other.hop = EdgeHop::kDemand;
  EXPECT_NE(QuestionKey(other), QuestionKey(base));
}

TEST(AnswerCacheTest, FieldsDoNotRunIntoEachOther) {
  AnswerQuestion a = Question("a");
  a.segment = "b";
  AnswerQuestion b = Question("a\n1 b");
  EXPECT_NE(QuestionKey(a), QuestionKey(b));
}

TEST(AnswerCacheTest, RemembersAnEmptyAnswerToo) {
  const auto answers = MakeMemoryAnswers(2);
  EXPECT_EQ(answers->Find(Question("tent"), {}).texts, std::nullopt);
  answers->Remember(Question("tent"), {}, {});
  EXPECT_EQ(answers->Find(Question("tent"), {}).texts, std::vector<std::string>());
}

TEST(AnswerCacheTest, OfSizeZeroRemembersNothing) {
  const auto answers = MakeMemoryAnswers(0);
  answers->Remember(Question("tent"), {"camping"}, {});
  EXPECT_EQ(answers->Find(Question("tent"), {}).texts, std::nullopt);
}

TEST(AskOnceTest, ThreadsWithTheSameQuestionWaitForTheOneThatAsks) {
  AskOnce once(MakeMemoryAnswers(8));
  std::atomic<int> asked = 0;
  std::atomic<int> answered = 0;
  std::latch all_there(4);
  const auto ask = [&]() -> Result<WrittenList> {
    ++asked;
    return WrittenList{.texts = {"camping"}, .bad_replies = 0, .usage = {10, 5, 1}};
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        all_there.arrive_and_wait();
        const auto list = once.Get(Question("tent"), ask, {});
        if (list.has_value() && list->texts == std::vector<std::string>{"camping"}) ++answered;
      });
    }
  }
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(answered, 4);
}

TEST(AskOnceTest, OnlyWhoAskedPays) {
  AskOnce once(MakeMemoryAnswers(8));
  const auto ask = []() -> Result<WrittenList> {
    return WrittenList{.texts = {"camping"}, .bad_replies = 1, .usage = {10, 5, 1}};
  };
  ASSERT_OK_AND_ASSIGN(const WrittenList first, once.Get(Question("tent"), ask, {}));
  EXPECT_EQ(first.usage.calls, 1U);
  ASSERT_OK_AND_ASSIGN(const WrittenList second, once.Get(Question("tent", "bob"), ask, {}));
  EXPECT_THAT(second.texts, ElementsAre("camping"));
  EXPECT_EQ(second.usage, TokenUsage());
  EXPECT_EQ(second.bad_replies, 0U);
}

TEST(AskOnceTest, AfterAFailureTheNextOneAsks) {
  AskOnce once(MakeMemoryAnswers(8));
  const auto fail = []() -> Result<WrittenList> { return Unavailable("gone"); };
  EXPECT_THAT(once.Get(Question("tent"), fail, {}), FailsWith(ErrorCode::kUnavailable, "gone"));
  const auto ask = []() -> Result<WrittenList> { return WrittenList{.texts = {"camping"}}; };
  EXPECT_THAT(once.Get(Question("tent"), ask, {}), IsOk());
}

TEST(AskOnceTest, AStopEndsTheWait) {
  AskOnce once(MakeMemoryAnswers(8));
  std::stop_source stop;
  Status waited;
  const auto ask = [&]() -> Result<WrittenList> {
    // Asks the same question while it is being asked, and is stopped.
    stop.request_stop();
    const auto nested = once.Get(
        Question("tent"), [] { return Result<WrittenList>(WrittenList{}); }, stop.get_token());
    if (!nested.has_value()) waited = tl::unexpected<Error>(nested.error());
    return WrittenList{};
  };
  EXPECT_THAT(once.Get(Question("tent"), ask, {}), IsOk());
  EXPECT_THAT(waited, FailsWith(ErrorCode::kCancelled, "same question"));
}

}  // namespace
}  // namespace twohop
