#include "twohop/nearline/interest_worker.h"

#include <condition_variable>
#include <latch>
#include <memory>
#include <mutex>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/nearline/testing/fake_generator.h"

namespace twohop {
namespace {

using testing::ElementsAre;

class InterestWorkerTest : public testing::Test {
 protected:
  InterestWorkerTest() {
    auto states = OpenUserStateStore(dir_.path() / "states", OpenMode::kReadWrite);
    EXPECT_THAT(states, IsOk());
    states_ = *std::move(states);
    for (const std::string user : {"ann", "bob", "cid"}) Search(user, "tent");
    refresher_ = std::make_unique<InterestRefresher>(*states_, generator_, clock_, InterestMaker());
  }

  void Search(std::string_view user, std::string_view query) {
    StateEvent event;
    event.event.user = UserId(std::string(user));
    event.event.query = std::string(query);
    event.event.time = clock_.Now();
    EXPECT_THAT(states_->Apply({&event, 1}, LogOffset(++next_)), IsOk());
  }

  // From now on an answer begins, and comes only after Answer().
  void HoldAnswers() {
    generator_.AnswerBy([this](const UserContext&, std::stop_token stop) -> Result<Generation> {
      asked_.count_down();
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return answer_; })) return Cancelled("stopped");
      return AnswerWith(1);
    });
  }

  void Answer() {
    const std::lock_guard lock(mutex_);
    answer_ = true;
    changed_.notify_all();
  }

  void Start(std::size_t capacity) {
    worker_ = std::make_unique<InterestWorker>(*refresher_, capacity);
  }

  Status Enqueue(std::string_view user) { return worker_->Enqueue(UserId(std::string(user))); }

  ManualClock clock_;
  TempDir dir_;
  std::unique_ptr<UserStateStore> states_;
  FakeGenerator generator_;
  std::unique_ptr<InterestRefresher> refresher_;
  std::uint64_t next_ = 0;
  std::latch asked_{1};
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool answer_ = false;
  std::unique_ptr<InterestWorker> worker_;
};

TEST_F(InterestWorkerTest, UsersAreRefreshedInTheirOrder) {
  Start(10);
  for (const std::string user : {"bob", "ann", "cid"}) ASSERT_THAT(Enqueue(user), IsOk());
  EXPECT_TRUE(worker_->WaitUntilIdle({}));
  EXPECT_THAT(generator_.asked(), ElementsAre("bob", "ann", "cid"));
  EXPECT_EQ(worker_->report().refreshed, 3U);
  EXPECT_TRUE((*states_->Get(UserId("ann")))->interests.has_value());
}

TEST_F(InterestWorkerTest, IdleWorkerIsIdleAtOnce) {
  Start(10);
  EXPECT_TRUE(worker_->WaitUntilIdle({}));
}

TEST_F(InterestWorkerTest, UserWhoWaitsAlreadyIsNotQueuedAgain) {
  HoldAnswers();
  Start(10);
  ASSERT_THAT(Enqueue("ann"), IsOk());
  asked_.wait();
  for (int i = 0; i < 5; ++i) ASSERT_THAT(Enqueue("bob"), IsOk());
  EXPECT_EQ(worker_->waiting(), 1U);
  Answer();
  EXPECT_TRUE(worker_->WaitUntilIdle({}));
  EXPECT_THAT(generator_.asked(), ElementsAre("ann", "bob"));
}

TEST_F(InterestWorkerTest, SearchDuringARefreshIsSeenByTheNextOne) {
  HoldAnswers();
  Start(10);
  ASSERT_THAT(Enqueue("ann"), IsOk());
  asked_.wait();
  Search("ann", "lamp");
  ASSERT_THAT(Enqueue("ann"), IsOk());
  Answer();
  EXPECT_TRUE(worker_->WaitUntilIdle({}));
  EXPECT_EQ(worker_->report().refreshed, 2U);
  EXPECT_EQ(generator_.last().searches.size(), 2U);
}

TEST_F(InterestWorkerTest, FullQueueIsResourceExhaustedAndStillTakesWhoWaits) {
  HoldAnswers();
  Start(1);
  ASSERT_THAT(Enqueue("ann"), IsOk());
  asked_.wait();
  ASSERT_THAT(Enqueue("bob"), IsOk());
  EXPECT_THAT(Enqueue("cid"), FailsWith(ErrorCode::kResourceExhausted, "1 users wait"));
  EXPECT_THAT(Enqueue("bob"), IsOk());
  Answer();
  EXPECT_TRUE(worker_->WaitUntilIdle({}));
}

TEST_F(InterestWorkerTest, FailureIsReportedAndTheNextUserIsRefreshed) {
  generator_.AnswerBy([](const UserContext& user, std::stop_token) -> Result<Generation> {
    if (user.profile.id == UserId("ann")) return Unavailable("no answer");
    return AnswerWith(1);
  });
  Start(10);
  ASSERT_THAT(Enqueue("ann"), IsOk());
  ASSERT_THAT(Enqueue("bob"), IsOk());
  EXPECT_TRUE(worker_->WaitUntilIdle({}));
  EXPECT_EQ(worker_->report().failures.at(0).user, UserId("ann"));
  EXPECT_EQ(worker_->report().refreshed, 1U);
}

TEST_F(InterestWorkerTest, WaitingEndsAtAStop) {
  HoldAnswers();
  Start(10);
  ASSERT_THAT(Enqueue("ann"), IsOk());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(worker_->WaitUntilIdle(stop.get_token()));
}

TEST_F(InterestWorkerTest, EndCancelsTheRefreshUnderWayAndForgetsWhoWaits) {
  HoldAnswers();
  Start(10);
  ASSERT_THAT(Enqueue("ann"), IsOk());
  asked_.wait();
  ASSERT_THAT(Enqueue("bob"), IsOk());
  worker_.reset();
  EXPECT_THAT(generator_.asked(), ElementsAre("ann"));
  EXPECT_FALSE((*states_->Get(UserId("ann")))->interests.has_value());
}

}  // namespace
}  // namespace twohop
