#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/recall/channel.h"
#include "twohop/recall/channel_input.h"
#include "twohop/recall/testing/fake_user_encoder.h"
#include "twohop/recall/testing/tiny_bundle.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A fixture that speaks of users and item ids.
class ChannelsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { bundle_ = MakeTinyBundle(); }
  static void TearDownTestSuite() { bundle_.reset(); }

  void UserClicked(const std::vector<std::string_view>& items) { user_ = TinyUser(items); }
  void UserHasInterests(const std::vector<std::string_view>& categories) {
    user_.interests = TinyInterests(categories, TimePoint());
  }
  void Exclude(std::string_view item) { exclude_.push_back(ItemId(std::string(item))); }

  std::vector<Candidate> Find(const Channel& channel, std::size_t limit) {
    auto found = channel.Find(Input(), limit);
    EXPECT_THAT(found, IsOk());
    return found.value_or(std::vector<Candidate>());
  }
  std::vector<std::string> Ids(const Channel& channel, std::size_t limit) {
    std::vector<std::string> ids;
    for (const Candidate& candidate : Find(channel, limit)) {
      ids.push_back(bundle_->catalog().at(candidate.item).id.value());
    }
    return ids;
  }
  std::string ReasonOf(const Channel& channel, std::size_t position) {
    return channel.Reason(Input(), Find(channel, position + 1).at(position));
  }

  // All but that of popular items, which takes no time.
  static std::vector<std::unique_ptr<const Channel>> SlowChannels() {
    std::vector<std::unique_ptr<const Channel>> channels;
    channels.push_back(MakeNoveltyChannel());
    channels.push_back(MakeInterestTextChannel());
    channels.push_back(MakeU2iChannel());
    channels.push_back(MakeSimilarChannel(10));
    channels.push_back(MakeCoClickChannel(10));
    channels.push_back(MakeFreshChannel());
    return channels;
  }

  // Valid until the user changes.
  ChannelInput Input() const {
    return recall_internal::MakeUserInput(*bundle_, user_, exclude_, {}, TimePoint()).channels;
  }

  static std::shared_ptr<const Bundle> bundle_;
  UserState user_ = TinyUser({});
  std::vector<ItemId> exclude_;
};

std::shared_ptr<const Bundle> ChannelsTest::bundle_;

TEST(ChannelNameTest, EveryChannelHasANameThatFindsIt) {
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    const auto channel = static_cast<ChannelKind>(i);
    EXPECT_EQ(FindChannel(ChannelName(channel)), channel);
  }
  EXPECT_EQ(FindChannel("random"), std::nullopt);
}

TEST_F(ChannelsTest, NoveltyFindsTheItemsOfAnInterestBestFirst) {
  UserHasInterests({"kettles"});
  EXPECT_THAT(Ids(*MakeNoveltyChannel(), 3), ElementsAre("kettles-0", "kettles-1", "kettles-2"));
}

TEST_F(ChannelsTest, NoveltyTakesTurnsBetweenInterests) {
  UserHasInterests({"kettles", "lipsticks", "dumbbells"});
  EXPECT_THAT(Ids(*MakeNoveltyChannel(), 5),
              ElementsAre("kettles-0", "lipsticks-0", "dumbbells-0", "kettles-1", "lipsticks-1"));
}

TEST_F(ChannelsTest, NoveltyNamesTheInterestOfEachCandidate) {
  UserHasInterests({"kettles", "lipsticks"});
  const auto found = Find(*MakeNoveltyChannel(), 2);
  EXPECT_EQ(found[0].interest, 0);
  EXPECT_EQ(found[1].interest, 1);
}

TEST_F(ChannelsTest, NoveltyGoesOnWithNeighboursWithinTheLevel1AndNotBeyond) {
  UserHasInterests({"headlamps"});
  const auto ids = Ids(*MakeNoveltyChannel(), 40);
  ASSERT_EQ(ids.size(), 18);  // Three categories of six items.
  EXPECT_EQ(ids[5], "headlamps-5");
  EXPECT_EQ(ids[6], "tents-0");   // The same level 2.
  EXPECT_EQ(ids[12], "ropes-0");  // The same level 1.
}

TEST_F(ChannelsTest, TwoInterestsOfOneLevel1DoNotRepeatItems) {
  UserHasInterests({"kettles", "toasters"});
  EXPECT_THAT(Ids(*MakeNoveltyChannel(), 4),
              ElementsAre("kettles-0", "toasters-0", "kettles-1", "toasters-1"));
  EXPECT_EQ(Ids(*MakeNoveltyChannel(), 40).size(), 12);
}

TEST_F(ChannelsTest, NoveltySkipsAnInterestWhoseLevel1WasClickedMeanwhile) {
  UserClicked({"toasters-3"});
  UserHasInterests({"kettles", "lipsticks"});
  EXPECT_THAT(Ids(*MakeNoveltyChannel(), 2), ElementsAre("lipsticks-0", "lipsticks-1"));
  EXPECT_EQ(Find(*MakeNoveltyChannel(), 1)[0].interest, 1);
}

TEST_F(ChannelsTest, NoveltyLeavesOutWhatIsExcludedOrUnavailable) {
  Exclude("mats-1");
  UserHasInterests({"mats"});
  EXPECT_THAT(Ids(*MakeNoveltyChannel(), 2), ElementsAre("mats-2", "mats-3"));
}

TEST_F(ChannelsTest, NoveltyHasNothingWithoutInterests) {
  EXPECT_THAT(Ids(*MakeNoveltyChannel(), 5), IsEmpty());
}

TEST_F(ChannelsTest, NoveltyExplainsWithThePathAndSaysWhenAnItemIsOnlyNear) {
  UserHasInterests({"headlamps"});
  EXPECT_EQ(ReasonOf(*MakeNoveltyChannel(), 0), "searched \"headlamps\" → a need → Headlamps");
  EXPECT_EQ(ReasonOf(*MakeNoveltyChannel(), 6),
            "searched \"headlamps\" → a need → Headlamps (near it: Tents)");
}

TEST_F(ChannelsTest, U2iFindsWhatFitsTheUser) {
  UserClicked({"ropes-1"});
  EXPECT_THAT(Ids(*MakeU2iChannel(), 3), ElementsAre("ropes-0", "ropes-2", "ropes-3"));
  EXPECT_EQ(ReasonOf(*MakeU2iChannel(), 0), "fits what you clicked lately");
}

TEST_F(ChannelsTest, U2iServesAUserWithoutClicks) {
  EXPECT_THAT(Ids(*MakeU2iChannel(), 1), ElementsAre("tents-0"));
  EXPECT_EQ(ReasonOf(*MakeU2iChannel(), 0), "fits your profile");
}

TEST_F(ChannelsTest, SimilarTakesTurnsBetweenTheNewestClickedItems) {
  UserClicked({"kettles-0", "lipsticks-0", "kettles-0", "ropes-0"});
  EXPECT_THAT(Ids(*MakeSimilarChannel(2), 4),
              ElementsAre("kettles-1", "lipsticks-1", "kettles-2", "lipsticks-2"));
}

TEST_F(ChannelsTest, SimilarNamesTheItemThatItGoesBy) {
  UserClicked({"kettles-0"});
  EXPECT_EQ(ReasonOf(*MakeSimilarChannel(10), 0), "similar to \"Kettles 0\", which you clicked");
}

TEST_F(ChannelsTest, SimilarGoesByItemsThatAreNotAvailableAnyMore) {
  UserClicked({"mats-0"});
  EXPECT_THAT(Ids(*MakeSimilarChannel(10), 2), ElementsAre("mats-1", "mats-2"));
}

TEST_F(ChannelsTest, SimilarHasNothingWithoutClicks) {
  EXPECT_THAT(Ids(*MakeSimilarChannel(10), 5), IsEmpty());
}

TEST_F(ChannelsTest, SimilarGivesAllThatIsLeftIfAskedForMore) {
  UserClicked({"kettles-0", "tents-2"});
  EXPECT_EQ(Ids(*MakeSimilarChannel(10), 100).size(), 45);  // 48 less 2 clicked, 1 unavailable.
}

TEST_F(ChannelsTest, SimilarLooksFurtherIfEverythingNearWasClicked) {
  std::vector<std::string> ids = {"kettles-0"};
  for (const Item& item : bundle_->catalog().items()) ids.push_back(item.id.value());
  ids.resize(ids.size() - 4);  // All but the last four of the catalogue.
  UserClicked({ids.begin(), ids.end()});
  EXPECT_THAT(Ids(*MakeSimilarChannel(1), 3),
              ElementsAre("dumbbells-2", "dumbbells-3", "dumbbells-4"));
}

TEST_F(ChannelsTest, PopularFollowsThePopularityWithoutWhatIsLeftOut) {
  UserClicked({"tents-1"});
  Exclude("tents-0");
  EXPECT_THAT(Ids(*MakePopularChannel(), 2), ElementsAre("tents-2", "tents-3"));
  EXPECT_EQ(ReasonOf(*MakePopularChannel(), 0), "popular with everyone");
}

TEST_F(ChannelsTest, PopularLeavesOutUnavailableItems) {
  EXPECT_EQ(Ids(*MakePopularChannel(), 100).size(), 47);
}

TEST_F(ChannelsTest, ScoresOfPopularItemsFall) {
  const auto found = Find(*MakePopularChannel(), 3);
  EXPECT_GT(found[0].score, found[1].score);
  EXPECT_GT(found[1].score, found[2].score);
}

TEST_F(ChannelsTest, InterestTextFindsTheCategoryOfAnInterestMostPopularFirst) {
  UserHasInterests({"headlamps"});
  const auto ids = Ids(*MakeInterestTextChannel(), 8);
  EXPECT_THAT(ids, ElementsAre("headlamps-0", "headlamps-1", "headlamps-2", "headlamps-3",
                               "headlamps-4", "headlamps-5", "tents-0", "tents-1"));
}

TEST_F(ChannelsTest, InterestTextTakesTurnsBetweenInterestsAndNamesThem) {
  UserHasInterests({"kettles", "lipsticks"});
  const auto found = Find(*MakeInterestTextChannel(), 3);
  EXPECT_THAT(Ids(*MakeInterestTextChannel(), 3),
              ElementsAre("kettles-0", "lipsticks-0", "kettles-1"));
  EXPECT_EQ(found[0].interest, 0);
  EXPECT_EQ(found[1].interest, 1);
  EXPECT_FLOAT_EQ(found[0].score, 1.0F);
}

TEST_F(ChannelsTest, InterestTextGoesOnBeyondTheLevel1ButNotToWhatIsKnown) {
  UserClicked({"tents-0", "lipsticks-0"});
  UserHasInterests({"kettles"});
  const auto ids = Ids(*MakeInterestTextChannel(), 100);
  EXPECT_EQ(ids.size(), 23);  // Of Kitchen and Sports; "mats-0" is not available.
  EXPECT_EQ(ids[12], "mats-1");
}

TEST_F(ChannelsTest, InterestTextLeavesOutWhatIsExcluded) {
  Exclude("kettles-0");
  UserHasInterests({"kettles"});
  EXPECT_THAT(Ids(*MakeInterestTextChannel(), 1), ElementsAre("kettles-1"));
}

TEST_F(ChannelsTest, InterestTextExplainsWithThePathAndHasNothingWithoutInterests) {
  EXPECT_THAT(Ids(*MakeInterestTextChannel(), 5), IsEmpty());
  UserHasInterests({"kettles"});
  EXPECT_EQ(ReasonOf(*MakeInterestTextChannel(), 6),
            "searched \"kettles\" → a need → Kettles (near it: Toasters)");
}

TEST_F(ChannelsTest, CoClickFindsWhatOthersClickedBestFirst) {
  UserClicked({"tents-0"});
  EXPECT_THAT(Ids(*MakeCoClickChannel(10), 5), ElementsAre("kettles-0", "ropes-0"));
  EXPECT_EQ(ReasonOf(*MakeCoClickChannel(10), 0), "clicked by those who clicked \"Tents 0\"");
}

TEST_F(ChannelsTest, CoClickLetsOlderClicksCountLess) {
  UserClicked({"tents-1", "tents-0"});
  const auto found = Find(*MakeCoClickChannel(10), 4);
  EXPECT_THAT(Ids(*MakeCoClickChannel(10), 4),
              ElementsAre("kettles-1", "kettles-0", "ropes-1", "ropes-0"));
  EXPECT_FLOAT_EQ(found[1].score, 0.9F * 0.6F);
}

TEST_F(ChannelsTest, CoClickGoesByTheNewestClicksAlone) {
  UserClicked({"tents-1", "tents-0"});
  EXPECT_THAT(Ids(*MakeCoClickChannel(1), 4), ElementsAre("kettles-1", "ropes-1"));
}

TEST_F(ChannelsTest, CoClickLeavesOutWhatIsExcludedAndHasNothingWithoutClicks) {
  EXPECT_THAT(Ids(*MakeCoClickChannel(10), 5), IsEmpty());
  UserClicked({"tents-0"});
  Exclude("kettles-0");
  EXPECT_THAT(Ids(*MakeCoClickChannel(10), 5), ElementsAre("ropes-0"));
}

TEST_F(ChannelsTest, FreshRanksTheNewestItemsByTheirFit) {
  UserClicked({"mats-1"});
  EXPECT_THAT(Ids(*MakeFreshChannel(), 2), ElementsAre("mats-5", "dumbbells-5"));
  EXPECT_EQ(Ids(*MakeFreshChannel(), 100).size(), 8);  // One of each category.
  EXPECT_EQ(ReasonOf(*MakeFreshChannel(), 0), "new, and fits what you clicked lately");
}

TEST_F(ChannelsTest, FreshLeavesOutWhatIsExcludedAndServesAUserWithoutClicks) {
  Exclude("tents-5");
  EXPECT_THAT(Ids(*MakeFreshChannel(), 2), ElementsAre("ropes-5", "headlamps-5"));
  EXPECT_EQ(ReasonOf(*MakeFreshChannel(), 0), "new, and fits your profile");
}

TEST_F(ChannelsTest, EveryChannelStopsWhenItsTimeIsOver) {
  UserClicked({"tents-0"});
  UserHasInterests({"kettles"});
  const ManualClock clock;
  const TimeBudget time(clock, std::chrono::nanoseconds(1));
  clock.SleepFor(Milliseconds(1), {});
  for (const auto& channel : SlowChannels()) {
    EXPECT_THAT(channel->Find(Input(), 5, time), FailsWith(ErrorCode::kDeadlineExceeded, ""))
        << ChannelName(channel->kind());
  }
}

TEST_F(ChannelsTest, ErrorsOfTheModelArePassedUp) {
  const auto broken = MakeTinyBundle(&LoadBrokenUserEncoder);
  UserHasInterests({"kettles"});
  const auto input = recall_internal::MakeUserInput(*broken, user_, {}, {}, TimePoint()).channels;
  EXPECT_THAT(MakeNoveltyChannel()->Find(input, 1), FailsWith(ErrorCode::kInternal, "broken"));
  EXPECT_THAT(MakeU2iChannel()->Find(input, 1), FailsWith(ErrorCode::kInternal, "broken"));
}

}  // namespace
}  // namespace twohop
