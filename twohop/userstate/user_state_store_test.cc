#include "twohop/userstate/user_state_store.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/rng.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/userstate/testing/state_events.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class UserStateStoreTest : public testing::Test {
 protected:
  UserStateStoreTest() { Reopen(OpenMode::kReadWrite); }

  Result<std::unique_ptr<UserStateStore>> Open(OpenMode mode) {
    return OpenUserStateStore(dir(), mode);
  }

  void Reopen(OpenMode mode) {
    store_.reset();
    auto store = Open(mode);
    EXPECT_THAT(store, IsOk());
    if (store.has_value()) store_ = *std::move(store);
  }

  void Apply(const std::vector<StateEvent>& events) {
    next_ += events.size();
    ASSERT_THAT(store_->Apply(events, LogOffset(next_)), IsOk());
  }

  void PutProfile(std::string_view user, std::string_view age_group) {
    const UserProfile profile{UserId(std::string(user)), std::string(age_group), "female"};
    ASSERT_THAT(store_->PutProfiles({&profile, 1}), IsOk());
  }

  bool PutInterests(std::string_view user, const InterestSet& interests,
                    const std::optional<DebateRecord>& debate = std::nullopt) {
    const auto stored = store_->PutInterests(UserId(std::string(user)), interests, debate);
    EXPECT_THAT(stored, IsOk());
    return stored.value_or(false);
  }

  static std::optional<UserState> Get(const UserStateStore& store, std::string_view user) {
    const auto state = store.Get(UserId(std::string(user)));
    EXPECT_THAT(state, IsOk());
    return state.value_or(std::nullopt);
  }
  std::optional<UserState> Get(std::string_view user) { return Get(*store_, user); }

  static std::vector<UserState> All(const UserStateStore& store) {
    std::vector<UserState> states;
    EXPECT_THAT(store.ForEach([&](const UserState& state) {
      states.push_back(state);
      return true;
    }),
                IsOk());
    return states;
  }

  std::vector<std::string> Users() {
    std::vector<std::string> users;
    for (const UserState& state : All(*store_)) users.push_back(state.profile.id.value());
    return users;
  }

  std::filesystem::path dir() const { return root_.path() / "users"; }

  TempDir root_;
  std::unique_ptr<UserStateStore> store_;
  std::uint64_t next_ = 0;
};

TEST_F(UserStateStoreTest, UnknownUserIsNothingNotAnError) { EXPECT_EQ(Get("ann"), std::nullopt); }

TEST_F(UserStateStoreTest, UserWithAProfileAloneIsKnown) {
  PutProfile("ann", "25-34");
  ASSERT_TRUE(Get("ann").has_value());
  EXPECT_EQ(Get("ann")->profile, (UserProfile{UserId("ann"), "25-34", "female"}));
  EXPECT_THAT(Get("ann")->clicks, IsEmpty());
  EXPECT_EQ(Get("ann")->interests, std::nullopt);
}

TEST_F(UserStateStoreTest, UserWithEventsAloneIsKnownByIdOnly) {
  Apply({ClickEvent("ann", "pan", 1)});
  ASSERT_TRUE(Get("ann").has_value());
  EXPECT_EQ(Get("ann")->profile, (UserProfile{UserId("ann"), "", ""}));
  EXPECT_EQ(Get("ann")->click_count, 1U);
}

TEST_F(UserStateStoreTest, ProfileIsReplaced) {
  PutProfile("ann", "25-34");
  PutProfile("ann", "35-44");
  EXPECT_EQ(Get("ann")->profile.age_group, "35-44");
}

TEST_F(UserStateStoreTest, ProfileAndEventsDoNotTouchEachOther) {
  Apply({ClickEvent("ann", "pan", 1)});
  PutProfile("ann", "25-34");
  Apply({SearchStateEvent("ann", "tent", 2), ExposureEvent("ann", "lamp", 3)});
  const auto state = Get("ann");
  EXPECT_EQ(state->profile.age_group, "25-34");
  EXPECT_THAT(state->clicks,
              ElementsAre(ClickRecord{ItemId("pan"), "Kitchen/pans", "Kitchen", TestTime(1)}));
  EXPECT_THAT(state->searches, ElementsAre(SearchRecord{"tent", TestTime(2)}));
  EXPECT_EQ(state->exposure_count, 1U);
}

TEST_F(UserStateStoreTest, NewStoreHasNothingWorkedIn) {
  EXPECT_EQ(*store_->applied(), LogOffset(0));
}

TEST_F(UserStateStoreTest, OffsetIsRecordedEvenWithoutEvents) {
  ASSERT_THAT(store_->Apply({}, LogOffset(7)), IsOk());
  EXPECT_EQ(*store_->applied(), LogOffset(7));
}

TEST_F(UserStateStoreTest, EventsDeliveredAgainHaveNoEffect) {
  const std::vector<StateEvent> events = {
      ClickEvent("ann", "pan", 1), ExposureEvent("ann", "pan", 1),
      NoveltyEvent(EventType::kExposure, "ann", "tents", 2),
      FeedbackStateEvent("ann", FeedbackVerdict::kReject, "tents", "camping", 3)};
  Apply(events);
  const auto once = Get("ann");
  ASSERT_THAT(store_->Apply(events, LogOffset(4)), IsOk());
  ASSERT_THAT(store_->Apply(events, LogOffset(1)), IsOk());
  EXPECT_EQ(Get("ann"), once);
  EXPECT_EQ(*store_->applied(), LogOffset(4));
}

TEST_F(UserStateStoreTest, EverythingSurvivesReopening) {
  PutProfile("ann", "25-34");
  Apply({ClickEvent("ann", "pan", 1), SearchStateEvent("ann", "tent", 2),
         NoveltyEvent(EventType::kExposure, "ann", "tents", 3),
         FeedbackStateEvent("ann", FeedbackVerdict::kReject, "tents", "camping", 4)});
  ASSERT_TRUE(PutInterests("ann", MakeInterests(3, 8, TestTime(3))));
  const auto before = Get("ann");
  EXPECT_EQ(before->feedback.given.size(), 1U);
  EXPECT_EQ(before->feedback.outcomes.size(), 1U);
  Reopen(OpenMode::kReadWrite);
  EXPECT_EQ(Get("ann"), before);
  EXPECT_EQ(*store_->applied(), LogOffset(4));
}

TEST_F(UserStateStoreTest, HowALogIsCutIntoCallsMakesNoDifference) {
  Rng rng(11);
  std::vector<StateEvent> events = RandomEvents(1'500, 5, rng);
  for (StateEvent& event : events) event.event.channel = kNoveltyChannel;
  Apply(events);
  const std::vector<UserState> whole = All(*store_);
  ASSERT_OK_AND_ASSIGN(const auto other,
                       OpenUserStateStore(root_.path() / "other", OpenMode::kReadWrite));
  for (std::size_t from = 0; from < events.size();) {
    const std::size_t count = std::min<std::size_t>(1 + rng.Below(120), events.size() - from);
    ASSERT_THAT(other->Apply(std::span(events).subspan(from, count), LogOffset(from + count)),
                IsOk());
    from += count;
  }
  EXPECT_EQ(All(*other), whole);
}

TEST_F(UserStateStoreTest, InterestsComeBackWithTheirVectors) {
  PutProfile("ann", "25-34");
  const InterestSet interests = MakeInterests(8, 384, TestTime(1));
  EXPECT_TRUE(PutInterests("ann", interests));
  EXPECT_EQ(Get("ann")->interests, interests);
}

TEST_F(UserStateStoreTest, NewerInterestsReplaceOlderOnesAndNotTheOtherWayRound) {
  PutProfile("ann", "25-34");
  EXPECT_TRUE(PutInterests("ann", MakeInterests(1, 4, TestTime(1))));
  EXPECT_TRUE(PutInterests("ann", MakeInterests(2, 4, TestTime(2))));
  EXPECT_FALSE(PutInterests("ann", MakeInterests(3, 4, TestTime(1))));
  EXPECT_EQ(Get("ann")->interests->interests.size(), 2U);
}

TEST_F(UserStateStoreTest, InterestsOfTheSameTimeAreReplaced) {
  PutProfile("ann", "25-34");
  EXPECT_TRUE(PutInterests("ann", MakeInterests(1, 4, TestTime(1))));
  EXPECT_TRUE(PutInterests("ann", MakeInterests(2, 4, TestTime(1))));
}

TEST_F(UserStateStoreTest, InterestsOfAnUnknownUserAreNotStored) {
  EXPECT_FALSE(PutInterests("ann", MakeInterests(1, 4, TestTime(1))));
  PutProfile("ann", "25-34");
  EXPECT_EQ(Get("ann")->interests, std::nullopt);
}

TEST_F(UserStateStoreTest, TheMinutesOfADebateComeAndGoWithTheInterests) {
  PutProfile("ann", "25-34");
  DebateRecord debate;
  debate.agents = {{.name = "Atlas", .strategy = "shared_edges"}};
  debate.time = TestTime(1);
  EXPECT_EQ(*store_->GetDebate(UserId("ann")), std::nullopt);
  EXPECT_TRUE(PutInterests("ann", MakeInterests(1, 4, TestTime(2)), debate));
  EXPECT_EQ(*store_->GetDebate(UserId("ann")), debate);
  EXPECT_FALSE(PutInterests("ann", MakeInterests(1, 4, TestTime(1))));
  EXPECT_EQ(*store_->GetDebate(UserId("ann")), debate);
  EXPECT_TRUE(PutInterests("ann", MakeInterests(1, 4, TestTime(3))));
  EXPECT_EQ(*store_->GetDebate(UserId("ann")), std::nullopt);
  EXPECT_TRUE(PutInterests("ann", MakeInterests(1, 4, TestTime(4)), debate));
  ASSERT_THAT(store_->Remove(UserId("ann")), IsOk());
  EXPECT_EQ(*store_->GetDebate(UserId("ann")), std::nullopt);
}

TEST_F(UserStateStoreTest, EventsLeaveInterestsAlone) {
  PutProfile("ann", "25-34");
  EXPECT_TRUE(PutInterests("ann", MakeInterests(2, 4, TestTime(1))));
  Apply({ClickEvent("ann", "pan", 5)});
  EXPECT_EQ(Get("ann")->interests, MakeInterests(2, 4, TestTime(1)));
}

TEST_F(UserStateStoreTest, ForEachVisitsEveryKnownUserOnceOrderedById) {
  Apply({ClickEvent("cid", "pan", 1), ClickEvent("ann", "pan", 1)});
  PutProfile("bob", "25-34");
  PutProfile("ann", "25-34");
  EXPECT_THAT(Users(), ElementsAre("ann", "bob", "cid"));
}

TEST_F(UserStateStoreTest, ForEachGivesTheStatesThatGetGives) {
  PutProfile("ann", "25-34");
  Apply({ClickEvent("ann", "pan", 1), SearchStateEvent("bob", "tent", 1)});
  EXPECT_TRUE(PutInterests("bob", MakeInterests(2, 4, TestTime(1))));
  EXPECT_THAT(All(*store_), ElementsAre(*Get("ann"), *Get("bob")));
}

TEST_F(UserStateStoreTest, ForEachStopsWhenToldTo) {
  Apply({ClickEvent("ann", "pan", 1), ClickEvent("bob", "pan", 1)});
  int visits = 0;
  EXPECT_THAT(store_->ForEach([&](const UserState&) { return ++visits < 1; }), IsOk());
  EXPECT_EQ(visits, 1);
}

TEST_F(UserStateStoreTest, ForEachSeesTheMomentOfTheCallAndMayWrite) {
  Apply({ClickEvent("ann", "pan", 1)});
  std::vector<std::string> seen;
  EXPECT_THAT(store_->ForEach([&](const UserState& state) {
    seen.push_back(state.profile.id.value());
    PutProfile("zoe", "25-34");
    return true;
  }),
              IsOk());
  EXPECT_THAT(seen, ElementsAre("ann"));
}

TEST_F(UserStateStoreTest, RemovedUserIsUnknown) {
  PutProfile("ann", "25-34");
  Apply({ClickEvent("ann", "pan", 1), ClickEvent("bob", "pan", 1)});
  EXPECT_TRUE(PutInterests("ann", MakeInterests(2, 4, TestTime(1))));
  ASSERT_THAT(store_->Remove(UserId("ann")), IsOk());
  EXPECT_EQ(Get("ann"), std::nullopt);
  EXPECT_THAT(Users(), ElementsAre("bob"));
}

TEST_F(UserStateStoreTest, InterestsThatArriveAfterRemovalDoNotBringTheUserBack) {
  PutProfile("ann", "25-34");
  ASSERT_THAT(store_->Remove(UserId("ann")), IsOk());
  EXPECT_FALSE(PutInterests("ann", MakeInterests(2, 4, TestTime(1))));
  EXPECT_EQ(Get("ann"), std::nullopt);
}

TEST_F(UserStateStoreTest, EventsAfterRemovalStartFromNothing) {
  Apply({ClickEvent("ann", "pan", 1)});
  ASSERT_THAT(store_->Remove(UserId("ann")), IsOk());
  Apply({ClickEvent("ann", "lamp", 2)});
  EXPECT_EQ(Get("ann")->click_count, 1U);
}

TEST_F(UserStateStoreTest, RemovingAnUnknownUserIsFine) {
  EXPECT_THAT(store_->Remove(UserId("ann")), IsOk());
}

TEST_F(UserStateStoreTest, SecondWriterIsRefusedAndTheFolderNamed) {
  EXPECT_THAT(Open(OpenMode::kReadWrite),
              FailsWith(ErrorCode::kFailedPrecondition, dir().string()));
}

TEST_F(UserStateStoreTest, ReadingAStoreThatIsNotThereIsNotFound) {
  EXPECT_THAT(OpenUserStateStore(root_.path() / "none", OpenMode::kReadOnly),
              FailsWith(ErrorCode::kNotFound, "none"));
}

TEST_F(UserStateStoreTest, ReaderBesideAWriterSeesTheStateOfItsOpening) {
  Apply({ClickEvent("ann", "pan", 1)});
  ASSERT_OK_AND_ASSIGN(const auto reader, Open(OpenMode::kReadOnly));
  Apply({ClickEvent("ann", "lamp", 2), ClickEvent("bob", "lamp", 2)});
  EXPECT_EQ(Get(*reader, "ann")->click_count, 1U);
  EXPECT_EQ(All(*reader).size(), 1U);
  EXPECT_EQ(*reader->applied(), LogOffset(1));
}

TEST_F(UserStateStoreTest, StoreOpenedForReadingRefusesEveryWrite) {
  PutProfile("ann", "25-34");
  Reopen(OpenMode::kReadOnly);
  const auto refused = FailsWith(ErrorCode::kFailedPrecondition, dir().string());
  const UserProfile profile{UserId("bob"), "25-34", "male"};
  EXPECT_THAT(store_->PutProfiles({&profile, 1}), refused);
  EXPECT_THAT(store_->Apply({}, LogOffset(1)), refused);
  EXPECT_THAT(store_->PutInterests(UserId("ann"), InterestSet{}, std::nullopt), refused);
  EXPECT_THAT(store_->Remove(UserId("ann")), refused);
}

TEST_F(UserStateStoreTest, WritesOfSeveralThreadsAllArrive) {
  PutProfile("ann", "25-34");
  {
    std::jthread events([this] {
      for (int i = 1; i <= 50; ++i) Apply({ClickEvent("ann", "pan", i)});
    });
    std::jthread interests([this] {
      for (int i = 1; i <= 50; ++i) PutInterests("ann", MakeInterests(1, 4, TestTime(i)));
    });
    std::jthread reader([this] {
      for (int i = 0; i < 50; ++i) EXPECT_TRUE(Get("ann").has_value());
    });
  }
  EXPECT_EQ(Get("ann")->click_count, 50U);
  EXPECT_EQ(Get("ann")->interests->created, TestTime(50));
}

}  // namespace
}  // namespace twohop
