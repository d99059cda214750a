#include "twohop/recall/recaller.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/recall/testing/fake_user_encoder.h"
#include "twohop/recall/testing/tiny_bundle.h"

namespace twohop {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class RecallerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { bundle_ = MakeTinyBundle(); }
  static void TearDownTestSuite() { bundle_.reset(); }

  void UserClicked(const std::vector<std::string_view>& items) { user_ = TinyUser(items); }
  void UserHasInterests(const std::vector<std::string_view>& categories) {
    user_.interests = TinyInterests(categories, clock_.Now());
  }
  LatentInterest& interest(std::size_t position) { return user_.interests->interests[position]; }

  RecallResponse Recall(const RecallRequest& request = {}) const {
    auto response = recaller_.Recall(user_, request);
    EXPECT_THAT(response, IsOk());
    return response.value_or(RecallResponse());
  }
  RecallResponse RecallOnly(ChannelKind channel, std::size_t k = 5) const {
    return Recall({.k = k, .only = channel});
  }

  std::vector<std::string> Ids(const RecallResponse& response) const {
    std::vector<std::string> ids;
    for (const RecalledItem& item : response.items) {
      ids.push_back(bundle_->catalog().at(item.item).id.value());
    }
    return ids;
  }
  static const ChannelReport& ReportOf(const RecallResponse& response, ChannelKind channel) {
    return response.channels[static_cast<std::size_t>(channel)];
  }

  static std::shared_ptr<const Bundle> bundle_;
  ManualClock clock_;
  Recaller recaller_{bundle_, clock_};
  UserState user_ = TinyUser({});
};

std::shared_ptr<const Bundle> RecallerTest::bundle_;

TEST_F(RecallerTest, FillsTheAnswerFromAllChannelsInProportionToTheirShares) {
  UserClicked({"tents-0", "tents-1"});
  UserHasInterests({"kettles", "lipsticks", "mats"});
  const auto response = Recall({.k = 10, .novelty_share = 0.4});
  EXPECT_THAT(response.items, SizeIs(10));
  EXPECT_EQ(ReportOf(response, ChannelKind::kNovelty).shown, 4);
  EXPECT_EQ(ReportOf(response, ChannelKind::kU2i).shown, 3);
  EXPECT_EQ(ReportOf(response, ChannelKind::kSimilar).shown, 2);
  EXPECT_EQ(ReportOf(response, ChannelKind::kPopular).shown, 1);
  EXPECT_FALSE(response.degraded());
  EXPECT_EQ(response.bundle_version, bundle_->version());
}

TEST_F(RecallerTest, EveryItemSaysWhichChannelAndWhy) {
  UserClicked({"tents-0"});
  UserHasInterests({"kettles"});
  const auto response = Recall({.novelty_share = 0.4});
  const RecalledItem& first = response.items.front();
  EXPECT_EQ(first.channel, ChannelKind::kNovelty);
  EXPECT_EQ(first.interest, 0);
  EXPECT_TRUE(first.novel);
  EXPECT_EQ(first.reason, "searched \"kettles\" → a need → Kettles");
  EXPECT_FLOAT_EQ(first.score, 1.0F);
  for (const RecalledItem& item : response.items) {
    EXPECT_NE(item.reason, "");
    EXPECT_EQ(item.interest.has_value(), IsNoveltyKind(item.channel));
  }
}

TEST_F(RecallerTest, AnItemIsNovelIfItsLevel1WasNotClicked) {
  UserClicked({"tents-0", "kettles-0"});
  const auto response = Recall({.k = 40});
  for (const RecalledItem& item : response.items) {
    const std::string& level1 =
        bundle_->catalog().taxonomy().at(bundle_->catalog().at(item.item).category).level1;
    EXPECT_EQ(item.novel, level1 != "Outdoor" && level1 != "Kitchen") << level1;
  }
}

TEST_F(RecallerTest, ClicksBeyondTheWindowDoNotCount) {
  UserClicked({"tents-0"});
  user_.clicks.resize(kClickWindow, user_.clicks.front());
  user_.clicks.push_back(TinyUser({"kettles-0"}).clicks.front());
  UserHasInterests({"kettles"});
  EXPECT_THAT(Ids(RecallOnly(ChannelKind::kNovelty, 1)), ElementsAre("kettles-0"));
}

TEST_F(RecallerTest, AClickCountsWhereTheItemWasAndWhereItIsNow) {
  UserClicked({"tents-0"});
  user_.clicks[0].level1 = "Kitchen";  // The item has moved since.
  UserHasInterests({"kettles", "ropes", "lipsticks"});
  EXPECT_THAT(Ids(RecallOnly(ChannelKind::kNovelty, 2)), ElementsAre("lipsticks-0", "lipsticks-1"));
}

TEST_F(RecallerTest, ClicksOnItemsThatAreGoneStillCountForTheirLevel1) {
  UserClicked({"discontinued"});
  user_.clicks[0].level1 = "Kitchen";
  UserHasInterests({"kettles"});
  EXPECT_THAT(RecallOnly(ChannelKind::kNovelty).degradations,
              Contains(Degradation::kInterestsOutdated));
}

TEST_F(RecallerTest, NeverShowsWhatWasClickedExcludedOrIsUnavailable) {
  UserClicked({"tents-0", "kettles-1"});
  UserHasInterests({"mats", "lipsticks"});
  RecallRequest request{.k = 100, .exclude = {ItemId("lipsticks-0"), ItemId("gone")}};
  const auto ids = Ids(Recall(request));
  EXPECT_THAT(ids, SizeIs(44));  // 48 less 2 clicked, 1 excluded, 1 unavailable.
  EXPECT_THAT(ids, Not(Contains("tents-0")));
  EXPECT_THAT(ids, Not(Contains("kettles-1")));
  EXPECT_THAT(ids, Not(Contains("lipsticks-0")));
  EXPECT_THAT(ids, Not(Contains("mats-0")));
}

TEST_F(RecallerTest, ShowsNoItemTwice) {
  UserClicked({"tents-0"});
  UserHasInterests({"mats", "lipsticks", "kettles"});
  const auto ids = Ids(Recall({.k = 100}));
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
}

TEST_F(RecallerTest, TheSameRequestGetsTheSameAnswer) {
  UserClicked({"tents-0", "ropes-2"});
  UserHasInterests({"mats", "lipsticks"});
  EXPECT_EQ(Recall().items, Recall().items);
}

TEST_F(RecallerTest, WithNoveltyAloneTheAnswerIsNovel) {
  UserClicked({"tents-0"});
  UserHasInterests({"kettles", "lipsticks"});
  const auto response = Recall({.k = 6, .novelty_share = 1.0});
  EXPECT_EQ(ReportOf(response, ChannelKind::kNovelty).shown, 6);
  EXPECT_THAT(response.items, Each(testing::Field(&RecalledItem::novel, true)));
}

TEST_F(RecallerTest, WithoutNoveltyTheChannelIsNotAskedAndNotMissed) {
  UserClicked({"tents-0"});
  const auto response = Recall({.k = 6, .novelty_share = 0.0});
  EXPECT_FALSE(ReportOf(response, ChannelKind::kNovelty).asked);
  EXPECT_FALSE(response.degraded());
  EXPECT_THAT(response.items, SizeIs(6));
}

// Less than there could be.

TEST_F(RecallerTest, AnUnknownUserGetsPopularItemsAlone) {
  user_ = UserState();
  user_.profile.id = UserId("stranger");
  const auto response = Recall({.k = 2, .novelty_share = 1.0});
  EXPECT_THAT(Ids(response), ElementsAre("tents-0", "tents-1"));
  EXPECT_THAT(response.degradations, ElementsAre(Degradation::kUnknownUser));
  EXPECT_TRUE(response.items[0].novel);
  EXPECT_FALSE(ReportOf(response, ChannelKind::kU2i).asked);
}

TEST_F(RecallerTest, WithoutInterestsTheOtherChannelsFillUp) {
  UserClicked({"tents-0"});
  const auto response = Recall();
  EXPECT_THAT(response.items, SizeIs(20));
  EXPECT_THAT(response.degradations, ElementsAre(Degradation::kNoInterests));
}

TEST_F(RecallerTest, NoInterestsFoundCountAsNoInterests) {
  UserClicked({"tents-0"});
  UserHasInterests({});
  EXPECT_THAT(Recall().degradations, ElementsAre(Degradation::kNoInterests));
}

TEST_F(RecallerTest, InterestsExpireAfterTheirHardLimit) {
  UserClicked({"tents-0"});
  UserHasInterests({"kettles"});
  clock_.Advance(std::chrono::days(7));
  EXPECT_THAT(Recall().degradations, IsEmpty());
  clock_.Advance(Milliseconds(1));
  const auto response = Recall();
  EXPECT_THAT(response.degradations, ElementsAre(Degradation::kInterestsExpired));
  EXPECT_EQ(ReportOf(response, ChannelKind::kNovelty).shown, 0);
}

TEST_F(RecallerTest, InterestsThatWereAllClickedMeanwhileAreOutdated) {
  UserClicked({"kettles-0"});
  UserHasInterests({"kettles", "toasters"});
  EXPECT_THAT(Recall().degradations, ElementsAre(Degradation::kInterestsOutdated));
}

TEST_F(RecallerTest, ARejectedInterestIsNotServedAtOnce) {
  UserClicked({"tents-0"});
  UserHasInterests({"kettles", "lipsticks"});
  user_.feedback.given = {{FeedbackVerdict::kReject, "kettles", "a need", clock_.Now()}};
  const auto response = RecallOnly(ChannelKind::kNovelty, 40);
  EXPECT_THAT(Ids(response), Each(testing::StartsWith("lipsticks")));
  EXPECT_EQ(response.items.front().interest, 1);
}

TEST_F(RecallerTest, ADirectionThatWasLeftIsNotServedAtOnce) {
  UserClicked({"tents-0"});
  UserHasInterests({"kettles", "lipsticks", "mats"});
  interest(2).demand = "staying fit";
  user_.feedback.given = {{FeedbackVerdict::kNotThisDirection, "kettles", "A need", clock_.Now()}};
  for (const RecalledItem& item : RecallOnly(ChannelKind::kNovelty, 40).items) {
    EXPECT_EQ(item.interest, 2);
  }
}

TEST_F(RecallerTest, ACategoryThatWasShownTooOftenIsNotServed) {
  UserClicked({"tents-0"});
  UserHasInterests({"kettles"});
  user_.feedback.outcomes = {
      {.category_id = "kettles", .exposures = 30, .unanswered = 30, .newest = clock_.Now()}};
  EXPECT_THAT(RecallOnly(ChannelKind::kNovelty).degradations,
              Contains(Degradation::kInterestsOutdated));
  clock_.Advance(kFeedbackMemory);
  user_.interests->created = clock_.Now();
  EXPECT_THAT(Ids(RecallOnly(ChannelKind::kNovelty, 1)), ElementsAre("kettles-0"));
}

TEST_F(RecallerTest, ItemsOfARejectedCategoryDoNotComeAsNeighbours) {
  UserClicked({"tents-0"});
  UserHasInterests({"kettles", "toasters"});
  user_.feedback.given = {{FeedbackVerdict::kReject, "kettles", "", clock_.Now()},
                          {FeedbackVerdict::kReject, "no such category", "", clock_.Now()}};
  EXPECT_THAT(Ids(RecallOnly(ChannelKind::kNovelty, 40)),
              testing::AllOf(SizeIs(6), Each(testing::StartsWith("toasters"))));
}

TEST_F(RecallerTest, InterestsOfAnotherTaxonomyAreSkipped) {
  UserClicked({"tents-0"});
  UserHasInterests({"kettles", "lipsticks"});
  interest(0).category_id = "samovars";
  EXPECT_THAT(Ids(RecallOnly(ChannelKind::kNovelty, 1)), ElementsAre("lipsticks-0"));
}

TEST_F(RecallerTest, InterestsOfAnotherTextEncoderAreSkipped) {
  UserClicked({"tents-0"});
  UserHasInterests({"kettles", "lipsticks"});
  interest(0).embedding.resize(5);
  interest(1).embedding[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(RecallOnly(ChannelKind::kNovelty).degradations,
              ElementsAre(Degradation::kInterestsOutdated, Degradation::kShort));
}

TEST_F(RecallerTest, OnlyTheMostConfidentInterestsAreSearched) {
  UserClicked({"tents-0"});
  UserHasInterests({"kettles", "lipsticks"});
  const Recaller narrow(bundle_, clock_, {.max_interests = 1});
  const auto response = narrow.Recall(user_, {.k = 20});
  ASSERT_THAT(response, IsOk());
  for (const RecalledItem& item : response->items) EXPECT_NE(item.interest, 1);
}

TEST_F(RecallerTest, WithoutClicksThereIsNothingToBeSimilarTo) {
  UserHasInterests({"kettles"});
  EXPECT_THAT(Recall().degradations, ElementsAre(Degradation::kNoClicks));
}

TEST_F(RecallerTest, AnAnswerThatIsShortSaysSo) {
  UserClicked({"tents-0"});
  UserHasInterests({"lipsticks"});
  const auto response = RecallOnly(ChannelKind::kNovelty, 20);
  EXPECT_THAT(response.items, SizeIs(6));
  EXPECT_THAT(response.degradations, ElementsAre(Degradation::kShort));
}

TEST_F(RecallerTest, AChannelThatFailsIsLeftOutAndReported) {
  const Recaller recaller(MakeTinyBundle(&LoadBrokenUserEncoder), clock_);
  UserClicked({"tents-0"});
  UserHasInterests({"kettles"});
  const auto response = recaller.Recall(user_, {});
  ASSERT_THAT(response, IsOk());
  EXPECT_THAT(response->items, SizeIs(20));
  EXPECT_THAT(response->degradations, ElementsAre(Degradation::kChannelFailed));
  EXPECT_EQ(ReportOf(*response, ChannelKind::kNovelty).error->code(), ErrorCode::kInternal);
  EXPECT_EQ(ReportOf(*response, ChannelKind::kSimilar).error, std::nullopt);
}

TEST(DegradationNameTest, IsWhatMetricsAndAnswersCarry) {
  EXPECT_EQ(DegradationName(Degradation::kUnknownUser), "unknown_user");
  EXPECT_EQ(DegradationName(Degradation::kShort), "short");
}

// Requests that are wrong.

TEST_F(RecallerTest, KMustBeInRange) {
  EXPECT_THAT(recaller_.Recall(user_, {.k = 0}), FailsWith(ErrorCode::kInvalidArgument, "k is 0"));
  EXPECT_THAT(recaller_.Recall(user_, {.k = 501}),
              FailsWith(ErrorCode::kInvalidArgument, "k is 501"));
}

TEST_F(RecallerTest, TheShareOfNoveltyMustBeInRange) {
  EXPECT_THAT(recaller_.Recall(user_, {.k = 1, .novelty_share = 1.5}),
              FailsWith(ErrorCode::kInvalidArgument, "novelty_share is 1.5"));
  EXPECT_THAT(
      recaller_.Recall(user_, {.k = 1, .novelty_share = std::numeric_limits<double>::quiet_NaN()}),
      FailsWith(ErrorCode::kInvalidArgument, "novelty_share is nan"));
}

TEST_F(RecallerTest, AnswersManyThreadsAtOnce) {
  UserClicked({"tents-0"});
  UserHasInterests({"kettles", "lipsticks"});
  const auto expected = Recall().items;
  std::vector<std::vector<RecalledItem>> found(4);
  {
    std::vector<std::jthread> threads;
    for (auto& items : found) {
      threads.emplace_back([&, this] { items = Recall().items; });
    }
  }
  EXPECT_THAT(found, Each(expected));
}

}  // namespace
}  // namespace twohop
