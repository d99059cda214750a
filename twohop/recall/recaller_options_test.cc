#include "twohop/recall/recaller_options.h"

#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

double ShareOf(const ChannelShares& shares, ChannelKind channel) {
  return shares[static_cast<std::size_t>(channel)];
}

TEST(RecallerOptionsTest, TheDefaultsAreValid) {
  EXPECT_THAT(RecallerOptions().Validate(), IsOk());
}

TEST(RecallerOptionsTest, TheDoseIsNoveltysAndTheOthersKeepTheirRatios) {
  ASSERT_OK_AND_ASSIGN(const ChannelShares shares, RecallerOptions().SharesWith(0.7));
  EXPECT_DOUBLE_EQ(ShareOf(shares, ChannelKind::kNovelty), 0.7);
  EXPECT_NEAR(ShareOf(shares, ChannelKind::kU2i), 0.15, 1e-12);
  EXPECT_NEAR(ShareOf(shares, ChannelKind::kPopular), 0.05, 1e-12);
  EXPECT_EQ(ShareOf(shares, ChannelKind::kFresh), 0.0);
  EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 1.0, 1e-12);
}

TEST(RecallerOptionsTest, TwoChannelsOfNoveltyDivideTheDose) {
  RecallerOptions options;
  options.of(ChannelKind::kInterestText).share = 3.0;
  ASSERT_OK_AND_ASSIGN(const ChannelShares shares, options.SharesWith(0.4));
  EXPECT_NEAR(ShareOf(shares, ChannelKind::kNovelty), 0.1, 1e-12);
  EXPECT_NEAR(ShareOf(shares, ChannelKind::kInterestText), 0.3, 1e-12);
}

TEST(RecallerOptionsTest, WithoutAChannelOfNoveltyThePageIsTheOthers) {
  RecallerOptions options;
  options.of(ChannelKind::kNovelty).share = 0.0;
  ASSERT_OK_AND_ASSIGN(const ChannelShares shares, options.SharesWith(0.4));
  EXPECT_NEAR(ShareOf(shares, ChannelKind::kU2i), 0.5, 1e-12);
}

TEST(RecallerOptionsTest, ADoseThatLeavesNoChannelIsRefused) {
  RecallerOptions options;
  options.channels = {};
  EXPECT_THAT(options.Validate(), FailsWith(ErrorCode::kInvalidArgument, "no channel"));
  options.of(ChannelKind::kNovelty).share = 1.0;
  EXPECT_THAT(options.SharesWith(0.5), IsOk());
  EXPECT_THAT(options.SharesWith(0.0),
              FailsWith(ErrorCode::kInvalidArgument, "novelty_share 0 no channel"));
}

TEST(RecallerOptionsTest, WhatIsOutOfRangeIsNamedWithItsChannel) {
  RecallerOptions options;
  options.novelty_share = 1.5;
  EXPECT_THAT(options.Validate(), FailsWith(ErrorCode::kInvalidArgument, "novelty_share is 1.5"));
  options = {};
  options.of(ChannelKind::kSimilar).share = -1.0;
  EXPECT_THAT(options.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "channel similar: share is -1"));
  options = {};
  options.of(ChannelKind::kFresh).share = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(options.Validate(), FailsWith(ErrorCode::kInvalidArgument, "channel fresh: share"));
  options = {};
  options.of(ChannelKind::kCoClick).seeds = 0;
  EXPECT_THAT(options.Validate(), FailsWith(ErrorCode::kInvalidArgument, "co_click: seeds is 0"));
  options = {};
  options.diversity = -0.1;
  EXPECT_THAT(options.Validate(), FailsWith(ErrorCode::kInvalidArgument, "diversity is -0.1"));
  options = {};
  options.deadline = std::chrono::nanoseconds(-1);
  EXPECT_THAT(options.Validate(), FailsWith(ErrorCode::kInvalidArgument, "deadline"));
  options = {};
  options.of(ChannelKind::kU2i).places.first_place = 0;
  EXPECT_THAT(options.Validate(), FailsWith(ErrorCode::kInvalidArgument, "u2i: first_place is 0"));
}

TEST(RecallerOptionsTest, APlaceBelongsToOneChannel) {
  RecallerOptions options;
  options.of(ChannelKind::kNovelty).places.places = {3, 8};
  options.of(ChannelKind::kPopular).places.places = {8};
  EXPECT_THAT(options.Validate(),
              FailsWith(ErrorCode::kInvalidArgument, "channel popular: place 8 belongs"));
}

}  // namespace
}  // namespace twohop
