#include "twohop/nearline/interest_refresher.h"

#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/mutex.h"
#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/nearline/testing/fake_generator.h"

namespace twohop {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class InterestRefresherTest : public testing::Test {
 protected:
  InterestRefresherTest() {
    auto states = OpenUserStateStore(dir_.path() / "states", OpenMode::kReadWrite);
    EXPECT_THAT(states, IsOk());
    states_ = *std::move(states);
    Setup({});
  }

  // One at a time, so that the order of calls is known, unless told otherwise.
  void Setup(const InterestMaker& maker, std::size_t concurrency = 1) {
    refresher_ = std::make_unique<InterestRefresher>(
        *states_, generator_, clock_, maker,
        RefreshOptions{.concurrency = concurrency, .max_consecutive_failures = 3});
  }

  void Search(std::string_view user, std::string_view query) {
    StateEvent event;
    event.event.user = UserId(std::string(user));
    event.event.type = EventType::kSearch;
    event.event.query = std::string(query);
    event.event.time = clock_.Now();
    ASSERT_THAT(states_->Apply({&event, 1}, LogOffset(++next_)), IsOk());
  }

  void Rejects(std::string_view user, std::string_view category) {
    StateEvent event;
    event.event.user = UserId(std::string(user));
    event.event.type = EventType::kFeedback;
    event.event.category_id = std::string(category);
    event.event.verdict = FeedbackVerdict::kReject;
    event.event.time = clock_.Now();
    ASSERT_THAT(states_->Apply({&event, 1}, LogOffset(++next_)), IsOk());
  }

  // "u0", "u1", …, each with a search.
  std::vector<UserId> Users(std::size_t count) {
    std::vector<UserId> users;
    for (std::size_t i = 0; i < count; ++i) {
      users.emplace_back(fmt::format("u{}", i));
      Search(users.back().value(), "tent");
    }
    return users;
  }

  BatchRefresh Refresh(const std::vector<UserId>& users) {
    return refresher_->RefreshUsers(users, *progress_, stop_.get_token());
  }

  RefreshOutcome RefreshAnn() {
    const auto refresh = refresher_->RefreshUser(UserId("ann"), stop_.get_token());
    EXPECT_THAT(refresh, IsOk());
    return refresh.value_or(UserRefresh{}).outcome;
  }

  std::optional<InterestSet> Stored(std::string_view user) {
    const auto state = states_->Get(UserId(std::string(user)));
    EXPECT_THAT(state, IsOk());
    return state.has_value() && state->has_value() ? (*state)->interests : std::nullopt;
  }

  // Answers with an error for these users, with two interests for others.
  void FailFor(std::vector<std::string> users, ErrorCode code) {
    generator_.AnswerBy(
        [users, code](const UserContext& user, std::stop_token) -> Result<Generation> {
          if (!std::ranges::count(users, user.profile.id.value())) return AnswerWith(2);
          return tl::unexpected<Error>(Error(code, "no answer"));
        });
  }

  ManualClock clock_;
  TempDir dir_;
  std::unique_ptr<UserStateStore> states_;
  FakeGenerator generator_;
  std::unique_ptr<InterestRefresher> refresher_;
  const std::unique_ptr<Progress> progress_ = MakeSilentProgress();
  std::stop_source stop_;
  std::uint64_t next_ = 0;
};

TEST_F(InterestRefresherTest, AnswerIsStoredWithTimeMakerAndInputs) {
  Search("ann", "tent");
  Setup({"small", "two_hop.v1", "full", 7});
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kRefreshed);
  const auto stored = Stored("ann");
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->interests, AnswerWith(2).interests.interests);
  EXPECT_EQ(stored->created, clock_.Now());
  EXPECT_EQ(stored->maker, FingerprintOf(InterestMaker{"small", "two_hop.v1", "full", 7}));
  EXPECT_EQ(stored->inputs, FingerprintOf(generator_.last()));
}

TEST_F(InterestRefresherTest, GeneratorGetsWhatTheUserSearchedFor) {
  Search("ann", "tent");
  clock_.Advance(hours(48));
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kRefreshed);
  ASSERT_EQ(generator_.last().searches.size(), 1U);
  EXPECT_EQ(generator_.last().searches[0].query, "tent");
  EXPECT_EQ(generator_.last().searches[0].age, std::chrono::days(2));
}

TEST_F(InterestRefresherTest, FreshInterestsAreNotAskedForAgain) {
  Search("ann", "tent");
  RefreshAnn();
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kFresh);
  EXPECT_EQ(generator_.asked().size(), 1U);
}

TEST_F(InterestRefresherTest, InterestsAreMadeAnewAfterTheSoftTimeToLive) {
  Search("ann", "tent");
  RefreshAnn();
  clock_.Advance(hours(24));
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kRefreshed);
}

TEST_F(InterestRefresherTest, InterestsAreMadeAnewAfterANewSearch) {
  Search("ann", "tent");
  RefreshAnn();
  Search("ann", "Tent!");
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kFresh);
  Search("ann", "lamp");
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kRefreshed);
}

TEST_F(InterestRefresherTest, InterestsAreMadeAnewByAnotherMaker) {
  Search("ann", "tent");
  RefreshAnn();
  Setup({.prompt_version = "two_hop.v2"});
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kRefreshed);
}

TEST_F(InterestRefresherTest, UnknownUserIsNotAskedFor) {
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kUnknown);
  EXPECT_THAT(generator_.asked(), IsEmpty());
}

TEST_F(InterestRefresherTest, FirstEmptyAnswerIsStoredSoThatItIsNotAskedForAgain) {
  Search("ann", "tent");
  generator_.AnswerAlways(AnswerWith(0));
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kEmpty);
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kFresh);
  EXPECT_EQ(generator_.asked().size(), 1U);
}

TEST_F(InterestRefresherTest, EmptyAnswerThatIsDueIsAskedForAgain) {
  Search("ann", "tent");
  generator_.AnswerAlways(AnswerWith(0));
  RefreshAnn();
  clock_.Advance(hours(24));
  generator_.AnswerAlways(AnswerWith(2));
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kRefreshed);
}

TEST_F(InterestRefresherTest, EmptyAnswerNeverReplacesInterests) {
  Search("ann", "tent");
  RefreshAnn();
  const auto before = Stored("ann");
  clock_.Advance(hours(24));
  generator_.AnswerAlways(AnswerWith(0));
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kKept);
  EXPECT_EQ(Stored("ann"), before);
}

TEST_F(InterestRefresherTest, InterestsAreMadeAnewAfterFeedbackAndOnce) {
  Search("ann", "tent");
  RefreshAnn();
  Rejects("ann", "c0");
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kRefreshed);
  EXPECT_EQ(generator_.last().feedback.Of("", "c0"), 0.0F);
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kFresh);
}

TEST_F(InterestRefresherTest, EmptyAnswerReplacesInterestsOfWhichNoneIsWanted) {
  Search("ann", "tent");
  RefreshAnn();
  generator_.AnswerAlways(AnswerWith(0));
  Rejects("ann", "c0");
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kKept);
  Rejects("ann", "c1");
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kEmpty);
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kFresh);
}

TEST_F(InterestRefresherTest, FailedAnswerNeverReplacesInterests) {
  Search("ann", "tent");
  RefreshAnn();
  const auto before = Stored("ann");
  clock_.Advance(hours(24));
  FailFor({"ann"}, ErrorCode::kUnavailable);
  EXPECT_THAT(refresher_->RefreshUser(UserId("ann"), {}),
              FailsWith(ErrorCode::kUnavailable, "no answer"));
  EXPECT_EQ(Stored("ann"), before);
}

TEST_F(InterestRefresherTest, AnswerForAUserWhoWasRemovedMeanwhileIsNotStored) {
  Search("ann", "tent");
  generator_.AnswerBy([this](const UserContext&, std::stop_token) -> Result<Generation> {
    EXPECT_THAT(states_->Remove(UserId("ann")), IsOk());
    return AnswerWith(2);
  });
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kOutdated);
  EXPECT_EQ(Stored("ann"), std::nullopt);
}

TEST_F(InterestRefresherTest, AnswerThatIsOlderThanWhatIsStoredIsNotStored) {
  Search("ann", "tent");
  InterestSet newer;
  newer.created = clock_.Now() + hours(1);
  generator_.AnswerBy([&](const UserContext&, std::stop_token) -> Result<Generation> {
    EXPECT_THAT(states_->PutInterests(UserId("ann"), newer, std::nullopt), IsOk());
    return AnswerWith(2);
  });
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kOutdated);
  EXPECT_EQ(Stored("ann"), newer);
}

TEST_F(InterestRefresherTest, OneRefreshOfAUserIsUnderWayAtATime) {
  Search("ann", "tent");
  RefreshOutcome second = RefreshOutcome::kFresh;
  generator_.AnswerBy([&](const UserContext&, std::stop_token) -> Result<Generation> {
    second = RefreshAnn();
    return AnswerWith(2);
  });
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kRefreshed);
  EXPECT_EQ(second, RefreshOutcome::kBusy);
}

TEST_F(InterestRefresherTest, BatchAsksForEveryUserInOrder) {
  const BatchRefresh batch = Refresh(Users(3));
  EXPECT_THAT(batch.status, IsOk());
  EXPECT_EQ(batch.report.refreshed, 3U);
  EXPECT_EQ(batch.report.interests, 6U);
  EXPECT_EQ(batch.report.usage, (TokenUsage{30, 15, 3}));
  EXPECT_THAT(generator_.asked(), ElementsAre("u0", "u1", "u2"));
}

TEST_F(InterestRefresherTest, EmptyBatchIsFine) {
  const BatchRefresh batch = Refresh({});
  EXPECT_THAT(batch.status, IsOk());
  EXPECT_EQ(batch.report.total(), 0U);
}

TEST_F(InterestRefresherTest, UserWhoIsNamedTwiceIsAskedForOnce) {
  std::vector<UserId> users = Users(1);
  users.push_back(users[0]);
  const BatchRefresh batch = Refresh(users);
  EXPECT_EQ(batch.report.refreshed, 1U);
  EXPECT_EQ(batch.report.fresh, 1U);
}

TEST_F(InterestRefresherTest, ErrorOfOneUserIsReportedAndTheBatchGoesOn) {
  FailFor({"u1", "u2", "u3", "u4"}, ErrorCode::kInvalidArgument);
  const BatchRefresh batch = Refresh(Users(6));
  EXPECT_THAT(batch.status, IsOk());
  EXPECT_EQ(batch.report.refreshed, 2U);
  EXPECT_EQ(batch.report.failed, 4U);
  EXPECT_EQ(batch.report.failures.at(0).user, UserId("u1"));
  EXPECT_EQ(batch.report.failures.at(0).error.message(), "no answer");
}

class EveryonesFailureTest : public InterestRefresherTest,
                             public testing::WithParamInterface<ErrorCode> {};

TEST_P(EveryonesFailureTest, EndsTheBatchAfterAFewInARow) {
  const std::vector<UserId> users = Users(8);
  FailFor({"u2", "u3", "u4", "u5", "u6", "u7"}, GetParam());
  const BatchRefresh batch = Refresh(users);
  EXPECT_THAT(batch.status, FailsWith(GetParam(), "no answer"));
  EXPECT_EQ(batch.report.refreshed, 2U);
  EXPECT_EQ(batch.report.failed, 3U);
}

INSTANTIATE_TEST_SUITE_P(Codes, EveryonesFailureTest,
                         testing::Values(ErrorCode::kUnavailable, ErrorCode::kDeadlineExceeded,
                                         ErrorCode::kResourceExhausted,
                                         ErrorCode::kFailedPrecondition, ErrorCode::kUnimplemented),
                         [](const auto& code) { return std::string(ErrorCodeName(code.param)); });

TEST_F(InterestRefresherTest, FailuresThatAreNotInARowDoNotEndTheBatch) {
  FailFor({"u0", "u1", "u3", "u4", "u6"}, ErrorCode::kUnavailable);
  const BatchRefresh batch = Refresh(Users(7));
  EXPECT_THAT(batch.status, IsOk());
  EXPECT_EQ(batch.report.failed, 5U);
  EXPECT_EQ(batch.report.refreshed, 2U);
}

TEST_F(InterestRefresherTest, BatchThatEndedEarlyGoesOnWithThoseThatAreLeft) {
  const std::vector<UserId> users = Users(8);
  FailFor({"u2", "u3", "u4", "u5", "u6", "u7"}, ErrorCode::kUnavailable);
  Refresh(users);
  generator_.AnswerAlways(AnswerWith(2));
  const BatchRefresh batch = Refresh(users);
  EXPECT_THAT(batch.status, IsOk());
  EXPECT_EQ(batch.report.fresh, 2U);
  EXPECT_EQ(batch.report.refreshed, 6U);
}

TEST_F(InterestRefresherTest, StopEndsTheBatchAndKeepsWhatIsDone) {
  const std::vector<UserId> users = Users(5);
  generator_.AnswerBy([this](const UserContext& user, std::stop_token) -> Result<Generation> {
    if (user.profile.id != UserId("u2")) return AnswerWith(2);
    stop_.request_stop();
    return Cancelled("stopped");
  });
  const BatchRefresh batch = Refresh(users);
  EXPECT_THAT(batch.status, FailsWith(ErrorCode::kCancelled, ""));
  EXPECT_EQ(batch.report.refreshed, 2U);
  EXPECT_EQ(batch.report.failed, 0U);
  EXPECT_TRUE(Stored("u1").has_value());
}

TEST_F(InterestRefresherTest, StopBetweenUsersIsCancelledToo) {
  const std::vector<UserId> users = Users(2);
  stop_.request_stop();
  EXPECT_THAT(Refresh(users).status, FailsWith(ErrorCode::kCancelled, ""));
  EXPECT_THAT(generator_.asked(), IsEmpty());
}

TEST_F(InterestRefresherTest, UsersAreAskedForSideBySide) {
  Setup({}, /*concurrency=*/2);
  std::latch both(2);  // Passed only if two calls are under way at once.
  generator_.AnswerBy([&](const UserContext&, std::stop_token) -> Result<Generation> {
    both.arrive_and_wait();
    return AnswerWith(1);
  });
  const BatchRefresh batch = Refresh(Users(2));
  EXPECT_EQ(batch.report.refreshed, 2U);
  EXPECT_THAT(generator_.asked(), UnorderedElementsAre("u0", "u1"));
}

TEST_F(InterestRefresherTest, AnswerUnderWayWhenTheBatchEndsIsKept) {
  Setup({}, /*concurrency=*/2);
  std::latch failed(3);
  generator_.AnswerBy([&](const UserContext& user, std::stop_token stop) -> Result<Generation> {
    if (user.profile.id == UserId("u0")) {
      failed.wait();
      EXPECT_FALSE(stop.stop_requested());
      return AnswerWith(2);
    }
    failed.count_down();
    return Unavailable("no answer");
  });
  const BatchRefresh batch = Refresh(Users(4));
  EXPECT_EQ(batch.report.refreshed, 1U);
  EXPECT_TRUE(Stored("u0").has_value());
}

class LimitedRefreshTest : public InterestRefresherTest {
 protected:
  void Limit(const RefreshOptions& options, const Clock& clock, std::uint64_t tokens_per_day) {
    auto budget = UserTokenBudget::Open(dir_.path() / "user_tokens.txt", tokens_per_day, clock);
    ASSERT_THAT(budget, IsOk());
    budget_ = *std::move(budget);
    refresher_ = std::make_unique<InterestRefresher>(*states_, generator_, clock, InterestMaker{},
                                                     options, budget_.get());
  }

  // A model that answers only when it is told to stop.
  void NeverAnswer() {
    generator_.AnswerBy([](const UserContext&, std::stop_token stop) -> Result<Generation> {
      Mutex mutex;
      CondVar never;
      MutexLock lock(mutex);
      never.Wait(mutex, stop, [] { return false; });
      return Cancelled("stopped");
    });
  }

  std::unique_ptr<UserTokenBudget> budget_;
};

TEST_F(LimitedRefreshTest, ARefreshBeyondItsDeadlineIsGivenUpAndCounted) {
  const std::vector<UserId> users = Users(1);
  Refresh(users);
  const auto before = Stored("u0");
  clock_.Advance(hours(24));
  Limit({.deadline = std::chrono::seconds(90)}, clock_, 1000);
  NeverAnswer();
  const BatchRefresh batch = Refresh(users);
  EXPECT_EQ(batch.report.failed, 1U);
  EXPECT_EQ(batch.report.timed_out, 1U);
  EXPECT_EQ(batch.report.failures.at(0).error,
            Error(ErrorCode::kDeadlineExceeded, "no interests within 90.0 s, given up"));
  EXPECT_EQ(Stored("u0"), before);
}

TEST_F(LimitedRefreshTest, AStopBeforeTheDeadlineIsCancelled) {
  const SystemClock clock;
  const std::vector<UserId> users = Users(1);
  Limit({.deadline = hours(1)}, clock, 1000);
  generator_.AnswerBy([this](const UserContext&, std::stop_token stop) -> Result<Generation> {
    stop_.request_stop();
    EXPECT_TRUE(stop.stop_requested());
    return Cancelled("stopped");
  });
  const BatchRefresh batch = Refresh(users);
  EXPECT_THAT(batch.status, FailsWith(ErrorCode::kCancelled, "stopped"));
  EXPECT_EQ(batch.report.failed, 0U);
}

TEST_F(LimitedRefreshTest, AUserWhoseTokensAreUsedUpIsNotAskedForUntilTomorrow) {
  Limit({}, clock_, /*tokens_per_day=*/30);
  Search("ann", "tent");
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kRefreshed);  // Of 15 tokens.
  Search("ann", "lamp");
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kRefreshed);
  const auto before = Stored("ann");
  Search("ann", "stove");
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kOverBudget);
  EXPECT_EQ(Stored("ann"), before);
  EXPECT_EQ(generator_.asked().size(), 2U);
  clock_.Advance(hours(2));
  EXPECT_EQ(RefreshAnn(), RefreshOutcome::kRefreshed);
}

TEST_F(LimitedRefreshTest, UsersOverTheirBudgetDoNotEndTheBatch) {
  Limit({.concurrency = 1, .max_consecutive_failures = 1}, clock_, /*tokens_per_day=*/15);
  const std::vector<UserId> users = Users(3);
  Refresh(users);
  clock_.Advance(Milliseconds(1));
  for (const UserId& user : users) Search(user.value(), "lamp");
  const BatchRefresh batch = Refresh(users);
  EXPECT_THAT(batch.status, IsOk());
  EXPECT_EQ(batch.report.over_budget, 3U);
  EXPECT_EQ(batch.report.total(), 3U);
}

TEST(RefreshOptionsTest, DefaultsAreValid) { EXPECT_THAT(RefreshOptions().Validate(), IsOk()); }

TEST(RefreshOptionsTest, NumbersMustBeAboveZero) {
  EXPECT_THAT(RefreshOptions{.soft_ttl = Milliseconds(0)}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "soft_ttl"));
  EXPECT_THAT(RefreshOptions{.concurrency = 0}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "concurrency"));
  EXPECT_THAT(RefreshOptions{.max_consecutive_failures = 0}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "max_consecutive_failures"));
  EXPECT_THAT(RefreshOptions{.deadline = Milliseconds(0)}.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "deadline"));
}

}  // namespace
}  // namespace twohop
