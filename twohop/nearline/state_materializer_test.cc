#include "twohop/nearline/state_materializer.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/rng.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/eventlog/rocksdb_event_log.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Catalog MakeCatalog() {
  Category pans;
  pans.id = "c-pans";
  pans.level1 = "Kitchen";
  pans.level2 = "Cooking";
  pans.level3 = "Pans";
  auto taxonomy = Taxonomy::Build({pans});
  EXPECT_THAT(taxonomy, IsOk());
  Item pan;
  pan.id = ItemId("pan");
  pan.title = "Pan";
  pan.category = CategoryIndex(0);
  auto catalog = Catalog::Build(std::make_shared<const Taxonomy>(*std::move(taxonomy)), {pan});
  EXPECT_THAT(catalog, IsOk());
  return *std::move(catalog);
}

Event MakeEvent(EventType type, std::uint64_t number, std::string_view item) {
  Event event;
  event.id = EventId(fmt::format("e{}", number));
  event.user = UserId(fmt::format("user{}", number % 3));
  event.type = type;
  event.time = TimePoint(Milliseconds(1'700'000'000'000)) + std::chrono::minutes(number);
  if (type == EventType::kSearch) event.query = fmt::format("query {}", number);
  if (HasItem(type)) event.item = ItemId(std::string(item));
  if (number % 2 == 0) event.channel = kNoveltyChannel;
  if (type == EventType::kFeedback) event.category_id = fmt::format("c{}", number % 7);
  return event;
}

// A store that fails on its n-th Apply, as a process that is killed does.
class CrashingStore final : public UserStateStore {
 public:
  CrashingStore(UserStateStore& inner, int crash_at) : inner_(inner), left_(crash_at) {}

  Status Apply(std::span<const StateEvent> events, LogOffset next) override {
    if (--left_ == 0) return Unavailable("crash");
    return inner_.Apply(events, next);
  }
  Result<std::optional<UserState>> Get(const UserId& user) const override {
    return inner_.Get(user);
  }
  Status PutProfiles(std::span<const UserProfile> profiles) override {
    return inner_.PutProfiles(profiles);
  }
  Result<LogOffset> applied() const override { return inner_.applied(); }
  Result<bool> PutInterests(const UserId& user, const InterestSet& interests,
                            const std::optional<DebateRecord>& debate) override {
    return inner_.PutInterests(user, interests, debate);
  }
  Result<std::optional<DebateRecord>> GetDebate(const UserId& user) const override {
    return inner_.GetDebate(user);
  }
  Status ForEach(const std::function<bool(const UserState&)>& visit) const override {
    return inner_.ForEach(visit);
  }
  Status Remove(const UserId& user) override { return inner_.Remove(user); }

 private:
  UserStateStore& inner_;
  int left_;
};

class StateMaterializerTest : public testing::Test {
 protected:
  StateMaterializerTest() {
    auto log = OpenRocksDbEventLog(dir_.path() / "log", OpenMode::kReadWrite);
    EXPECT_THAT(log, IsOk());
    log_ = *std::move(log);
    states_ = OpenStates("states");
  }

  std::unique_ptr<UserStateStore> OpenStates(std::string_view name) {
    auto states = OpenUserStateStore(dir_.path() / name, OpenMode::kReadWrite);
    EXPECT_THAT(states, IsOk());
    return *std::move(states);
  }

  void Log(const std::vector<Event>& events) { ASSERT_THAT(log_->Append(events), IsOk()); }

  void LogMixture(std::size_t count) {
    Rng rng(5);
    std::vector<Event> events;
    for (std::size_t i = 0; i < count; ++i) {
      const auto type = static_cast<EventType>(1 + rng.Below(10));
      events.push_back(MakeEvent(type, logged_++, rng.Chance(0.5) ? "pan" : "unknown"));
    }
    Log(events);
  }

  Result<MaterializeReport> Materialize(UserStateStore& states, std::size_t batch_size = 50'000) {
    return MaterializeStates(*log_, states, catalog_, *progress_, stop_.get_token(),
                             {.batch_size = batch_size});
  }

  static std::vector<UserState> All(const UserStateStore& store) {
    std::vector<UserState> states;
    EXPECT_THAT(store.ForEach([&](const UserState& state) {
      states.push_back(state);
      return true;
    }),
                IsOk());
    return states;
  }

  const Catalog catalog_ = MakeCatalog();
  const std::unique_ptr<Progress> progress_ = MakeSilentProgress();
  TempDir dir_;
  std::unique_ptr<EventLog> log_;
  std::unique_ptr<UserStateStore> states_;
  std::stop_source stop_;
  std::uint64_t logged_ = 0;
};

TEST_F(StateMaterializerTest, EmptyLogIsFine) {
  ASSERT_OK_AND_ASSIGN(const MaterializeReport report, Materialize(*states_));
  EXPECT_EQ(report.events, 0U);
  EXPECT_EQ(report.next, LogOffset(0));
}

TEST_F(StateMaterializerTest, ClickGetsTheCategoryOfItsItem) {
  Log({MakeEvent(EventType::kClick, 0, "pan")});
  ASSERT_THAT(Materialize(*states_), IsOk());
  ASSERT_OK_AND_ASSIGN(const auto state, states_->Get(UserId("user0")));
  ASSERT_EQ(state->clicks.size(), 1U);
  EXPECT_EQ(state->clicks[0].category_id, "c-pans");
  EXPECT_EQ(state->clicks[0].level1, "Kitchen");
}

TEST_F(StateMaterializerTest, ItemThatTheCatalogueLacksIsCountedAndKeptWithoutCategory) {
  Log({MakeEvent(EventType::kClick, 0, "gone"), MakeEvent(EventType::kSearch, 3, "")});
  ASSERT_OK_AND_ASSIGN(const MaterializeReport report, Materialize(*states_));
  EXPECT_EQ(report.unknown_items, 1U);
  ASSERT_OK_AND_ASSIGN(const auto state, states_->Get(UserId("user0")));
  EXPECT_EQ(state->clicks.at(0).level1, "");
  EXPECT_EQ(state->searches.at(0).query, "query 3");
}

TEST_F(StateMaterializerTest, SecondCallWorksInOnlyWhatIsNew) {
  LogMixture(10);
  ASSERT_THAT(Materialize(*states_), IsOk());
  LogMixture(4);
  ASSERT_OK_AND_ASSIGN(const MaterializeReport report, Materialize(*states_));
  EXPECT_EQ(report.events, 4U);
  EXPECT_EQ(report.next, LogOffset(14));
  EXPECT_EQ(*states_->applied(), LogOffset(14));
}

TEST_F(StateMaterializerTest, CallWithNothingNewChangesNothing) {
  LogMixture(10);
  ASSERT_THAT(Materialize(*states_), IsOk());
  const auto before = All(*states_);
  ASSERT_OK_AND_ASSIGN(const MaterializeReport report, Materialize(*states_));
  EXPECT_EQ(report.events, 0U);
  EXPECT_EQ(All(*states_), before);
}

TEST_F(StateMaterializerTest, StatesRebuiltFromTheLogEqualThoseBuiltAsItGrew) {
  for (int i = 0; i < 5; ++i) {
    LogMixture(100);
    ASSERT_THAT(Materialize(*states_, 30), IsOk());
  }
  const auto rebuilt = OpenStates("rebuilt");
  ASSERT_THAT(Materialize(*rebuilt), IsOk());
  EXPECT_EQ(All(*rebuilt), All(*states_));
  const InterestFeedback feedback = All(*states_).front().feedback;
  EXPECT_FALSE(feedback.given.empty() || feedback.outcomes.empty());
}

TEST_F(StateMaterializerTest, FeedbackThatIsLoggedTwiceCountsOnce) {
  const Event feedback = MakeEvent(EventType::kFeedback, 0, "");
  Log({feedback});
  Log({feedback});
  ASSERT_OK_AND_ASSIGN(const MaterializeReport report, Materialize(*states_));
  EXPECT_EQ(report.unknown_items, 0U);
  ASSERT_OK_AND_ASSIGN(const auto state, states_->Get(UserId("user0")));
  EXPECT_THAT(state->feedback.given,
              ElementsAre(FeedbackRecord{FeedbackVerdict::kAccept, "c0", "", feedback.time}));
}

TEST_F(StateMaterializerTest, CrashBetweenBatchesLosesAndRepeatsNothing) {
  LogMixture(100);
  CrashingStore crashing(*states_, /*crash_at=*/3);
  EXPECT_THAT(Materialize(crashing, 30), FailsWith(ErrorCode::kUnavailable, "crash"));
  EXPECT_EQ(*states_->applied(), LogOffset(60));
  ASSERT_OK_AND_ASSIGN(const MaterializeReport report, Materialize(*states_, 30));
  EXPECT_EQ(report.events, 40U);
  const auto rebuilt = OpenStates("rebuilt");
  ASSERT_THAT(Materialize(*rebuilt), IsOk());
  EXPECT_EQ(All(*rebuilt), All(*states_));
}

TEST_F(StateMaterializerTest, StopIsCancelledAndTheNextCallGoesOn) {
  LogMixture(10);
  stop_.request_stop();
  EXPECT_THAT(Materialize(*states_), FailsWith(ErrorCode::kCancelled, ""));
  EXPECT_THAT(All(*states_), IsEmpty());
  stop_ = std::stop_source();
  EXPECT_EQ(Materialize(*states_)->events, 10U);
}

TEST_F(StateMaterializerTest, StatesAheadOfTheLogAreRefused) {
  LogMixture(3);
  ASSERT_THAT(states_->Apply({}, LogOffset(9)), IsOk());
  EXPECT_THAT(Materialize(*states_), FailsWith(ErrorCode::kFailedPrecondition, "offset 9"));
}

}  // namespace
}  // namespace twohop
