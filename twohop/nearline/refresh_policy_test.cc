#include "twohop/nearline/refresh_policy.h"

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/text.h"

namespace twohop {
namespace {

using std::chrono::days;
using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;

const TimePoint kNow(Milliseconds(1'700'000'000'000));
constexpr Milliseconds kDay = hours(24);
constexpr std::uint64_t kMaker = 5;
constexpr std::uint64_t kInputs = 6;

std::optional<InterestSet> StoredBefore(Milliseconds age) {
  InterestSet set;
  set.created = kNow - age;
  set.maker = kMaker;
  set.inputs = kInputs;
  return set;
}

RefreshReason Reason(const std::optional<InterestSet>& stored) {
  return NeedsRefresh(stored, kMaker, kInputs, kNow, kDay);
}

UserContext Searching(std::vector<std::string> queries) {
  UserContext context;
  for (std::string& query : queries) context.searches.push_back({std::move(query), days(1)});
  return context;
}

TEST(NeedsRefreshTest, NothingStoredIsMissing) {
  EXPECT_EQ(Reason(std::nullopt), RefreshReason::kMissing);
}

TEST(NeedsRefreshTest, YoungInterestsOfTheSameMakerAndInputsAreGood) {
  EXPECT_EQ(Reason(StoredBefore(kDay - Milliseconds(1))), RefreshReason::kNone);
}

TEST(NeedsRefreshTest, EmptySetsAreJudgedLikeOthers) {
  ASSERT_TRUE(StoredBefore(hours(1))->interests.empty());
  EXPECT_EQ(Reason(StoredBefore(hours(1))), RefreshReason::kNone);
}

TEST(NeedsRefreshTest, InterestsAreOldFromTheTimeToLiveOn) {
  EXPECT_EQ(Reason(StoredBefore(kDay)), RefreshReason::kAge);
}

TEST(NeedsRefreshTest, InterestsFromTheFutureAreYoung) {
  EXPECT_EQ(Reason(StoredBefore(-hours(5))), RefreshReason::kNone);
}

TEST(NeedsRefreshTest, AnotherMakerIsAReasonBeforeOtherInputs) {
  auto stored = StoredBefore(hours(1));
  stored->maker = 99;
  stored->inputs = 99;
  EXPECT_EQ(Reason(stored), RefreshReason::kMaker);
}

TEST(NeedsRefreshTest, OtherInputsAreAReason) {
  auto stored = StoredBefore(hours(1));
  stored->inputs = 99;
  EXPECT_EQ(Reason(stored), RefreshReason::kInputs);
}

TEST(NeedsRefreshTest, InterestsOfAnUnknownMakerAreMadeAnew) {
  auto stored = StoredBefore(hours(1));
  stored->maker = 0;
  EXPECT_EQ(Reason(stored), RefreshReason::kMaker);
}

TEST(NeedsRefreshTest, EveryReasonHasAName) {
  EXPECT_EQ(RefreshReasonName(RefreshReason::kNone), "none");
  EXPECT_EQ(RefreshReasonName(RefreshReason::kMissing), "missing");
  EXPECT_EQ(RefreshReasonName(RefreshReason::kMaker), "maker");
  EXPECT_EQ(RefreshReasonName(RefreshReason::kInputs), "inputs");
  EXPECT_EQ(RefreshReasonName(RefreshReason::kAge), "age");
}

TEST(MakerFingerprintTest, ChangesWithEveryField) {
  const InterestMaker maker{"small", "two_hop.v1", "full", 7};
  EXPECT_EQ(FingerprintOf(maker), FingerprintOf(InterestMaker(maker)));
  EXPECT_NE(FingerprintOf(maker), FingerprintOf(InterestMaker{"large", "two_hop.v1", "full", 7}));
  EXPECT_NE(FingerprintOf(maker), FingerprintOf(InterestMaker{"small", "two_hop.v2", "full", 7}));
  EXPECT_NE(FingerprintOf(maker), FingerprintOf(InterestMaker{"small", "two_hop.v1", "demand", 7}));
  EXPECT_NE(FingerprintOf(maker), FingerprintOf(InterestMaker{"small", "two_hop.v1", "full", 8}));
}

TEST(InputsFingerprintTest, OrderAgeAndSpellingDoNotMatter) {
  UserContext other = Searching({"lamp", "Tent  for two!"});
  other.searches[0].age = days(9);
  EXPECT_EQ(FingerprintOf(Searching({"tent for two", "lamp"})), FingerprintOf(other));
}

TEST(InputsFingerprintTest, EverySearchMatters) {
  const std::uint64_t both = FingerprintOf(Searching({"tent", "lamp"}));
  EXPECT_NE(FingerprintOf(Searching({"tent"})), both);
  EXPECT_NE(FingerprintOf(Searching({"tent", "lamp", "stove"})), both);
  EXPECT_NE(FingerprintOf(Searching({"tent lamp"})), both);
}

TEST(InputsFingerprintTest, ProfileMattersAndClicksDoNot) {
  UserContext profile = Searching({"tent"});
  profile.profile.age_group = "25-34";
  UserContext clicks = Searching({"tent"});
  clicks.clicked_level1 = {"Kitchen"};
  EXPECT_NE(FingerprintOf(profile), FingerprintOf(Searching({"tent"})));
  EXPECT_EQ(FingerprintOf(clicks), FingerprintOf(Searching({"tent"})));
}

TEST(InputsFingerprintTest, WhatTheUserSaidMatters) {
  const std::uint64_t without = FingerprintOf(Searching({"tent"}));
  UserContext rejected = Searching({"tent"});
  rejected.feedback.categories["c1"] = {.weight = 0.0F, .cause = FeedbackCause::kRejected};
  UserContext accepted = Searching({"tent"});
  accepted.feedback.categories["c1"] = {.weight = 1.25F, .cause = FeedbackCause::kAccepted};
  UserContext left = Searching({"tent"});
  left.feedback.demands["camping"].weight = 0.0F;
  EXPECT_NE(FingerprintOf(rejected), without);
  EXPECT_NE(FingerprintOf(accepted), without);
  EXPECT_NE(FingerprintOf(accepted), FingerprintOf(rejected));
  EXPECT_NE(FingerprintOf(left), without);
}

TEST(InputsFingerprintTest, ClicksAndExposuresMatterOnlyOnceACategoryIsOut) {
  const std::uint64_t without = FingerprintOf(Searching({"tent"}));
  UserContext context = Searching({"tent"});
  context.feedback.categories["c1"] = {.weight = 0.5F, .cause = FeedbackCause::kIgnored};
  context.feedback.categories["c2"] = {.weight = 1.1F, .cause = FeedbackCause::kClicked};
  EXPECT_EQ(FingerprintOf(context), without);
  context.feedback.categories["c1"].weight = 0.0F;
  EXPECT_NE(FingerprintOf(context), without);
}

// Stored interests of before stay good.
TEST(InputsFingerprintTest, IsWhatItWasForUsersWithoutFeedback) {
  EXPECT_EQ(FingerprintOf(Searching({"tent", "lamp"})), 12724227261198066690U);
}

TEST(UserContextTest, FeedbackIsWeighedAtTheTimeOfTheContext) {
  UserState state;
  state.feedback.given = {{FeedbackVerdict::kReject, "c1", "camping", kNow}};
  EXPECT_EQ(MakeUserContext(state, kNow).feedback, WeighFeedback(state.feedback, kNow));
  EXPECT_EQ(MakeUserContext(state, kNow).feedback.Of("camping", "c1"), 0.0F);
  EXPECT_TRUE(MakeUserContext(state, kNow + kFeedbackMemory).feedback.empty());
}

TEST(UserContextTest, HoldsProfileSearchesAndClickedCategories) {
  UserState state;
  state.profile = {UserId("ann"), "25-34", "female"};
  state.clicks = {{ItemId("pan"), "c1", "Kitchen", kNow}};
  state.searches = {{"tent", kNow - hours(1)}, {"lamp", kNow - hours(49)}};
  const UserContext context = MakeUserContext(state, kNow);
  EXPECT_EQ(context.profile, state.profile);
  EXPECT_THAT(context.clicked_level1, ElementsAre("Kitchen"));
  ASSERT_EQ(context.searches.size(), 2U);
  EXPECT_EQ(context.searches[0].query, "tent");
  EXPECT_EQ(context.searches[0].age, days(0));
  EXPECT_EQ(context.searches[1].age, days(2));
}

TEST(UserContextTest, SearchesOfAUserWhoWasLongAwayStayAndAreOld) {
  UserState state;
  state.searches = {{"tent", kNow - days(400)}};
  EXPECT_EQ(MakeUserContext(state, kNow).searches.at(0).age, days(400));
}

TEST(UserContextTest, SearchFromTheFutureIsOfAgeZero) {
  UserState state;
  state.searches = {{"tent", kNow + days(3)}};
  EXPECT_EQ(MakeUserContext(state, kNow).searches.at(0).age, days(0));
}

class BrowsingTest : public testing::Test {
 protected:
  BrowsingTest() {
    std::vector<Category> categories(3);
    const std::vector<std::string> names{"Tents", "Lamps", "Pans"};
    for (std::size_t i = 0; i < names.size(); ++i) {
      categories[i].id = ToLowerAscii(names[i]);
      categories[i].level1 = "All";
      categories[i].level2 = "Things";
      categories[i].level3 = names[i];
    }
    options_.taxonomy = std::make_shared<const Taxonomy>(*Taxonomy::Build(categories));
    options_.max_browsed = 2;
  }

  void Click(const std::string& category, int times, days ago = days(0)) {
    for (int i = 0; i < times; ++i) {
      state_.clicks.push_back({ItemId("i"), category, "All", kNow - ago});
    }
  }

  UserState state_;
  EvidenceOptions options_;
};

TEST_F(BrowsingTest, CategoriesWithMostClicksComeFirst) {
  Click("lamps", 4);
  Click("tents", 5);
  Click("pans", 3);
  EXPECT_THAT(BrowsedCategories(state_, options_), ElementsAre("Tents", "Lamps"));
}

TEST_F(BrowsingTest, AClickOfLongAgoCountsLess) {
  Click("lamps", 3);
  Click("tents", 5, days(14));  // As much as 2.5 of now.
  EXPECT_THAT(BrowsedCategories(state_, options_), ElementsAre("Lamps", "Tents"));
}

TEST_F(BrowsingTest, FewClicksSayNothing) {
  Click("lamps", 2);
  EXPECT_THAT(BrowsedCategories(state_, options_), IsEmpty());
}

TEST_F(BrowsingTest, WhatTheTaxonomyLacksDoesNotCount) {
  Click("submarines", 9);
  Click("", 9);
  EXPECT_THAT(BrowsedCategories(state_, options_), IsEmpty());
}

TEST_F(BrowsingTest, CountsOnlyIfItIsSwitchedOn) {
  Click("lamps", 5);
  EXPECT_THAT(MakeUserContext(state_, kNow).browsed, IsEmpty());
  EXPECT_THAT(MakeUserContext(state_, kNow, options_).browsed, ElementsAre("Lamps"));
}

TEST_F(BrowsingTest, IsAReasonToAskAgainInAnyOrder) {
  UserContext context = Searching({"tent"});
  const std::uint64_t without = FingerprintOf(context);
  context.browsed = {"Tents", "Lamps"};
  const std::uint64_t with = FingerprintOf(context);
  EXPECT_NE(with, without);
  context.browsed = {"Lamps", "Tents"};
  EXPECT_EQ(FingerprintOf(context), with);
  context.browsed = {"Lamps"};
  EXPECT_NE(FingerprintOf(context), with);
}

}  // namespace
}  // namespace twohop
