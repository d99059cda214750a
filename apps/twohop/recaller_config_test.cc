#include "apps/twohop/recaller_config.h"

#include <string_view>

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop::app {
namespace {

Result<RecallerOptions> From(std::string_view toml) {
  TWOHOP_ASSIGN_OR_RETURN(const Config config, ParseConfig(toml, "a.toml"));
  return RecallerOptionsFrom(config.recall);
}

TEST(RecallerConfigTest, TheDefaultsOfTheFileAreThoseOfTheRecaller) {
  ASSERT_OK_AND_ASSIGN(const RecallerOptions options, From(""));
  const RecallerOptions defaults;
  EXPECT_EQ(options.novelty_share, defaults.novelty_share);
  EXPECT_EQ(options.max_interests, defaults.max_interests);
  EXPECT_EQ(options.max_interest_age, defaults.max_interest_age);
  EXPECT_EQ(options.exposure_pause, defaults.exposure_pause);
  EXPECT_EQ(options.max_exposures, defaults.max_exposures);
  EXPECT_EQ(options.diversity, defaults.diversity);
  EXPECT_EQ(options.deadline, defaults.deadline);
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    EXPECT_EQ(options.channels[i].share, defaults.channels[i].share) << i;
    EXPECT_EQ(options.channels[i].places, defaults.channels[i].places) << i;
    EXPECT_EQ(options.channels[i].deadline, defaults.channels[i].deadline) << i;
    EXPECT_EQ(options.channels[i].seeds, defaults.channels[i].seeds) << i;
  }
}

TEST(RecallerConfigTest, EveryChannelHasADefault) {
  const auto channels = RecallConfig::DefaultChannels();
  ASSERT_EQ(channels.size(), kChannelCount);
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    EXPECT_EQ(FindChannel(channels[i].name), static_cast<ChannelKind>(i));
  }
}

TEST(RecallerConfigTest, EveryValueArrives) {
  ASSERT_OK_AND_ASSIGN(const RecallerOptions options, From(R"(
[recall]
novelty_share = 0.5
diversity = 0.25
deadline_ms = 7.5
max_interests = 3
max_interest_age_days = 2
exposure_pause_hours = 48
max_exposures = 4
[[recall.channel]]
name = "novelty"
places = [3, 8]
deadline_ms = 2
[[recall.channel]]
name = "co_click"
share = 0.4
max_items = 5
first_place = 2
seeds = 20
)"));
  EXPECT_EQ(options.novelty_share, 0.5);
  EXPECT_EQ(options.diversity, 0.25);
  EXPECT_EQ(options.deadline, std::chrono::microseconds(7500));
  EXPECT_EQ(options.max_interests, 3U);
  EXPECT_EQ(options.max_interest_age, std::chrono::days(2));
  EXPECT_EQ(options.exposure_pause, std::chrono::hours(48));
  EXPECT_EQ(options.max_exposures, 4U);
  const ChannelOptions& novelty = options.of(ChannelKind::kNovelty);
  EXPECT_EQ(novelty.share, 1.0);
  EXPECT_EQ(novelty.places, (PlaceRules{.places = {3, 8}}));
  EXPECT_EQ(novelty.deadline, Milliseconds(2));
  const ChannelOptions& co_click = options.of(ChannelKind::kCoClick);
  EXPECT_EQ(co_click.share, 0.4);
  EXPECT_EQ(co_click.places, (PlaceRules{.max_items = 5, .first_place = 2}));
  EXPECT_EQ(co_click.seeds, 20U);
}

}  // namespace
}  // namespace twohop::app
