#include "twohop/recall/item_features.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"
#include "twohop/base/testing/status_matchers.h"
#include "twohop/recall/recaller.h"
#include "twohop/recall/testing/fake_user_encoder.h"
#include "twohop/recall/testing/tiny_bundle.h"

namespace twohop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ItemFeaturesTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { bundle_ = MakeTinyBundle(); }
  static void TearDownTestSuite() { bundle_.reset(); }

  void UserHasInterests(const std::vector<std::string_view>& categories) {
    user_.interests = TinyInterests(categories, clock_.Now());
  }
  FeatureResponse Ask(const std::vector<std::string>& ids) const {
    std::vector<ItemId> items;
    for (const std::string& id : ids) items.emplace_back(id);
    auto response = recaller_.Features(user_, items);
    EXPECT_THAT(response, IsOk());
    return response.value_or(FeatureResponse());
  }
  ItemFeatures Of(const std::string& id) const { return Ask({id}).items.at(0); }

  static std::shared_ptr<const Bundle> bundle_;
  ManualClock clock_;
  Recaller recaller_{bundle_, clock_};
  UserState user_ = TinyUser({"tents-0"});
};

std::shared_ptr<const Bundle> ItemFeaturesTest::bundle_;

TEST_F(ItemFeaturesTest, NamesTheInterestThatAnItemFitsBest) {
  UserHasInterests({"lipsticks", "kettles"});
  const ItemFeatures features = Of("kettles-0");
  ASSERT_TRUE(features.match.has_value());
  EXPECT_EQ(features.match->interest, 1);
  EXPECT_EQ(features.match->rank, 1);
  EXPECT_FLOAT_EQ(features.match->confidence, 0.5F);
  EXPECT_FLOAT_EQ(features.match->score, 1.0F);
  EXPECT_FLOAT_EQ(features.match->text_score, 1.0F);
  EXPECT_FLOAT_EQ(*features.text_match, 1.0F);
  EXPECT_TRUE(features.novel);
}

TEST_F(ItemFeaturesTest, AnItemNearAnInterestScoresLess) {
  UserHasInterests({"kettles"});
  const ItemFeatures features = Of("toasters-0");
  EXPECT_NEAR(features.match->score, 0.36F, 1e-6F);
  EXPECT_NEAR(*features.text_match, 0.36F, 1e-6F);
}

TEST_F(ItemFeaturesTest, KnownItemsHaveTheirU2iScoreAndAreNotNovel) {
  const ItemFeatures features = Of("tents-0");
  EXPECT_FALSE(features.novel);
  EXPECT_FLOAT_EQ(features.u2i_score, 1.0F);
  EXPECT_NEAR(Of("headlamps-0").u2i_score, 0.36F, 1e-6F);
}

TEST_F(ItemFeaturesTest, RankCountsTheInterestsThatCanBeServed) {
  UserHasInterests({"tents", "lipsticks", "kettles"});  // Tents were clicked.
  const ItemFeatures features = Of("kettles-0");
  EXPECT_EQ(features.match->interest, 2);
  EXPECT_EQ(features.match->rank, 1);
}

TEST_F(ItemFeaturesTest, WithoutInterestsThereIsNoMatchAndTheReasonIsGiven) {
  const FeatureResponse response = Ask({"kettles-0"});
  EXPECT_EQ(response.items[0].match, std::nullopt);
  EXPECT_EQ(response.items[0].text_match, std::nullopt);
  EXPECT_THAT(response.degradations, ElementsAre(Degradation::kNoInterests));
}

TEST_F(ItemFeaturesTest, AnUnknownUserHasFeaturesToo) {
  user_ = UserState();
  const FeatureResponse response = Ask({"kettles-0"});
  EXPECT_TRUE(response.items[0].novel);
  EXPECT_THAT(response.degradations, ElementsAre(Degradation::kUnknownUser));
}

TEST_F(ItemFeaturesTest, ThereIsAnEntryForEveryItemInItsOrder) {
  UserHasInterests({"kettles"});
  const FeatureResponse response = Ask({"mats-0", "no such item", "kettles-1", "mats-0"});
  ASSERT_EQ(response.items.size(), 4);
  EXPECT_TRUE(response.items[0].item.has_value());  // Not available, and asked about all the same.
  EXPECT_EQ(response.items[1], ItemFeatures());
  EXPECT_EQ(response.items[3], response.items[0]);
  EXPECT_THAT(response.degradations, IsEmpty());
  EXPECT_EQ(response.bundle_version, bundle_->version());
}

TEST_F(ItemFeaturesTest, TooManyItemsAreRefused) {
  EXPECT_THAT(recaller_.Features(user_, std::vector<ItemId>(501)),
              FailsWith(ErrorCode::kInvalidArgument, "501 items"));
}

TEST_F(ItemFeaturesTest, ABrokenModelIsAnError) {
  const Recaller recaller(MakeTinyBundle(&LoadBrokenUserEncoder), clock_);
  EXPECT_THAT(recaller.Features(user_, std::vector<ItemId>(1)),
              FailsWith(ErrorCode::kInternal, "broken"));
}

}  // namespace
}  // namespace twohop
