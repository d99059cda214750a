// What a recaller leaves out: seen items, late channels, places that a rule keeps free.

#include <string>
#include <utility>
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

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class RecallFiltersTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { bundle_ = MakeTinyBundle(); }
  static void TearDownTestSuite() { bundle_.reset(); }

  void UserHasInterests(const std::vector<std::string_view>& categories) {
    user_.interests = TinyInterests(categories, clock_.Now());
  }
  void WasShown(std::string_view item, std::chrono::hours ago, int times = 1) {
    const ExposureRecord exposure{ItemId(std::string(item)), clock_.Now() - ago};
    user_.exposures.insert(user_.exposures.end(), static_cast<std::size_t>(times), exposure);
  }

  RecallResponse Recall(const RecallRequest& request,
                        std::shared_ptr<const Bundle> bundle = bundle_) const {
    auto response = Recaller(std::move(bundle), clock_, options_).Recall(user_, request);
    EXPECT_THAT(response, IsOk());
    return response.value_or(RecallResponse());
  }
  std::vector<std::string> Ids(const RecallRequest& request) const {
    std::vector<std::string> ids;
    for (const RecalledItem& item : Recall(request).items) {
      ids.push_back(bundle_->catalog().at(item.item).id.value());
    }
    return ids;
  }
  static const ChannelReport& ReportOf(const RecallResponse& response, ChannelKind channel) {
    return response.channels[static_cast<std::size_t>(channel)];
  }

  // An encoder that takes so long for every call, by the test's clock.
  std::shared_ptr<const Bundle> SlowBundle(Milliseconds plain, Milliseconds conditioned);

  static std::shared_ptr<const Bundle> bundle_;
  ManualClock clock_;
  RecallerOptions options_;
  UserState user_ = TinyUser({"tents-0"});
};

std::shared_ptr<const Bundle> RecallFiltersTest::bundle_;

class SlowEncoder final : public UserEncoder {
 public:
  SlowEncoder(std::unique_ptr<const UserEncoder> encoder, ManualClock& clock, Milliseconds plain,
              Milliseconds conditioned)
      : encoder_(std::move(encoder)), clock_(clock), plain_(plain), conditioned_(conditioned) {}

  std::size_t dim() const override { return encoder_->dim(); }
  std::size_t text_dim() const override { return encoder_->text_dim(); }
  Result<Embeddings> EmbedUser(const UserFeatures& user, EmbeddingsView conditions) const override {
    clock_.Advance(conditioned_);
    return encoder_->EmbedUser(user, conditions);
  }
  Result<Embeddings> EmbedUserPlain(const UserFeatures& user) const override {
    clock_.Advance(plain_);
    return encoder_->EmbedUserPlain(user);
  }

 private:
  std::unique_ptr<const UserEncoder> encoder_;
  ManualClock& clock_;
  Milliseconds plain_;
  Milliseconds conditioned_;
};

std::shared_ptr<const Bundle> RecallFiltersTest::SlowBundle(Milliseconds plain,
                                                            Milliseconds conditioned) {
  return MakeTinyBundle(
      [=, this](const std::filesystem::path& dir, const auto& catalog, EmbeddingsView vectors,
                std::string_view encoder) -> Result<std::unique_ptr<const UserEncoder>> {
        TWOHOP_ASSIGN_OR_RETURN(auto fast, LoadFakeUserEncoder(dir, catalog, vectors, encoder));
        return std::make_unique<const SlowEncoder>(std::move(fast), clock_, plain, conditioned);
      });
}

// Seen items.

TEST_F(RecallFiltersTest, WithoutAFilterSeenItemsAreShownAgain) {
  WasShown("kettles-0", std::chrono::hours(0), 50);
  EXPECT_THAT(Ids({.k = 100}), Contains("kettles-0"));
}

TEST_F(RecallFiltersTest, AnItemShownLatelyIsLeftOutByEveryChannel) {
  options_.exposure_pause = std::chrono::hours(24);
  WasShown("kettles-0", std::chrono::hours(23));
  WasShown("tents-1", std::chrono::hours(24));
  WasShown("no such item", std::chrono::hours(1));
  UserHasInterests({"kettles"});
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    EXPECT_THAT(Ids({.k = 100, .only = static_cast<ChannelKind>(i)}), Not(Contains("kettles-0")));
  }
  EXPECT_THAT(Ids({.k = 100}), Contains("tents-1"));
}

TEST_F(RecallFiltersTest, AnItemShownOftenEnoughIsLeftOut) {
  options_.max_exposures = 3;
  WasShown("kettles-0", std::chrono::hours(200), 3);
  WasShown("kettles-1", std::chrono::hours(1), 2);
  UserHasInterests({"kettles"});
  EXPECT_THAT(Ids({.k = 2, .only = ChannelKind::kNovelty}), ElementsAre("kettles-1", "kettles-2"));
}

TEST_F(RecallFiltersTest, AUserWhoHasSeenEverythingGetsAnAnswerThatSaysItIsShort) {
  options_.exposure_pause = std::chrono::hours(24);
  for (const Item& item : bundle_->catalog().items()) {
    WasShown(item.id.value(), std::chrono::hours(1));
  }
  const RecallResponse response = Recall({.k = 5});
  EXPECT_THAT(response.items, IsEmpty());
  EXPECT_THAT(response.degradations, Contains(Degradation::kShort));
}

TEST_F(RecallFiltersTest, NoChannelShowsAnItemThatIsNotAvailable) {
  UserHasInterests({"mats"});
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    EXPECT_THAT(Ids({.k = 100, .only = static_cast<ChannelKind>(i)}), Not(Contains("mats-0")));
  }
}

// Nothing to find.

TEST_F(RecallFiltersTest, WhereEveryLevel1IsKnownNoveltyIsEmptyAndSaysSo) {
  user_ = TinyUser({"tents-0", "kettles-0", "lipsticks-0", "dumbbells-0"});
  UserHasInterests({"mats"});
  const RecallResponse response = Recall({.k = 10, .novelty_share = 1.0});
  EXPECT_THAT(response.items, IsEmpty());
  EXPECT_THAT(response.degradations, ElementsAre(Degradation::kNothingIsNew, Degradation::kShort));
  EXPECT_EQ(DegradationName(Degradation::kNothingIsNew), "nothing_is_new");
}

TEST_F(RecallFiltersTest, AskedForMoreThanTheCatalogueHasEveryChannelGivesWhatThereIs) {
  UserHasInterests({"kettles"});
  EXPECT_THAT(Ids({.k = 500}), SizeIs(46));  // 48 less 1 clicked, 1 unavailable.
  EXPECT_THAT(Ids({.k = 500, .only = ChannelKind::kNovelty}), SizeIs(12));
  EXPECT_THAT(Ids({.k = 500, .only = ChannelKind::kInterestText}), SizeIs(29));
  EXPECT_THAT(Ids({.k = 500, .only = ChannelKind::kCoClick}), SizeIs(2));
  EXPECT_THAT(Ids({.k = 500, .only = ChannelKind::kFresh}), SizeIs(8));
}

// Places.

TEST_F(RecallFiltersTest, PlacesAreKeptOnAPage) {
  options_.of(ChannelKind::kNovelty).places.places = {3, 5};
  UserHasInterests({"kettles", "lipsticks"});
  std::vector<std::size_t> places;
  const RecallResponse response = Recall({.k = 10});
  for (std::size_t i = 0; i < response.items.size(); ++i) {
    if (response.items[i].channel == ChannelKind::kNovelty) places.push_back(i + 1);
  }
  EXPECT_THAT(places, ElementsAre(3, 5));
}

TEST_F(RecallFiltersTest, APageOfOneChannelAloneKnowsNoPlaces) {
  options_.of(ChannelKind::kNovelty).places.places = {3, 5};
  UserHasInterests({"kettles"});
  EXPECT_THAT(Ids({.k = 4, .only = ChannelKind::kNovelty}), SizeIs(4));
}

TEST_F(RecallFiltersTest, TheRequestsDoseGoesBeforeTheConfiguredOne) {
  options_.novelty_share = 0.0;
  UserHasInterests({"kettles"});
  EXPECT_EQ(ReportOf(Recall({.k = 10}), ChannelKind::kNovelty).shown, 0);
  EXPECT_EQ(ReportOf(Recall({.k = 10, .novelty_share = 0.5}), ChannelKind::kNovelty).shown, 5);
}

TEST_F(RecallFiltersTest, DiversityMixesWhatAChannelShows) {
  UserHasInterests({"kettles"});
  const RecallRequest request{.k = 6, .only = ChannelKind::kNovelty};
  EXPECT_THAT(Ids(request), testing::AllOf(SizeIs(6), Each(testing::StartsWith("kettles"))));
  options_.diversity = 0.7;
  EXPECT_THAT(Ids(request), Contains(testing::StartsWith("toasters")));
}

// Deadlines.

TEST_F(RecallFiltersTest, AChannelThatIsNotDoneInItsTimeIsLeftOut) {
  options_.of(ChannelKind::kNovelty).deadline = Milliseconds(5);
  UserHasInterests({"kettles"});
  const RecallResponse response = Recall({.k = 10}, SlowBundle(Milliseconds(0), Milliseconds(5)));
  EXPECT_THAT(response.items, SizeIs(10));
  EXPECT_THAT(response.degradations, ElementsAre(Degradation::kChannelLate));
  const ChannelReport& novelty = ReportOf(response, ChannelKind::kNovelty);
  EXPECT_EQ(novelty.error->code(), ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(novelty.elapsed, Milliseconds(5));
  EXPECT_EQ(novelty.shown, 0);
  EXPECT_EQ(ReportOf(response, ChannelKind::kU2i).error, std::nullopt);
}

TEST_F(RecallFiltersTest, AChannelInItsTimeIsNotLate) {
  options_.of(ChannelKind::kNovelty).deadline = Milliseconds(6);
  UserHasInterests({"kettles"});
  const RecallResponse response = Recall({.k = 10}, SlowBundle(Milliseconds(0), Milliseconds(5)));
  EXPECT_THAT(response.degradations, IsEmpty());
}

TEST_F(RecallFiltersTest, AfterThePagesTimePopularItemsAreLeft) {
  options_.deadline = Milliseconds(20);
  UserHasInterests({"kettles"});
  const RecallResponse response = Recall({.k = 10}, SlowBundle(Milliseconds(0), Milliseconds(20)));
  EXPECT_THAT(response.items, SizeIs(10));
  EXPECT_EQ(ReportOf(response, ChannelKind::kPopular).shown, 10);
  EXPECT_THAT(response.degradations, ElementsAre(Degradation::kChannelLate));
  for (const auto channel : {ChannelKind::kNovelty, ChannelKind::kU2i, ChannelKind::kSimilar}) {
    EXPECT_EQ(ReportOf(response, channel).error->code(), ErrorCode::kDeadlineExceeded);
  }
}

TEST_F(RecallFiltersTest, WhatWasFoundBeforeThePagesTimeIsShown) {
  options_.deadline = Milliseconds(20);
  UserHasInterests({"kettles"});
  const RecallResponse response = Recall({.k = 10}, SlowBundle(Milliseconds(20), Milliseconds(0)));
  EXPECT_GE(ReportOf(response, ChannelKind::kNovelty).shown, 3);
  EXPECT_EQ(ReportOf(response, ChannelKind::kU2i).shown, 0);
}

TEST_F(RecallFiltersTest, WithoutDeadlinesNothingIsLate) {
  options_.deadline = Milliseconds(0);
  UserHasInterests({"kettles"});
  EXPECT_THAT(
      Recall({.k = 10}, SlowBundle(Milliseconds(60'000), Milliseconds(60'000))).degradations,
      IsEmpty());
}

}  // namespace
}  // namespace twohop
