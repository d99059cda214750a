#include "apps/twohop-train/train_config.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop::app {
namespace {

Result<TrainOptions> OptionsOf(std::string_view toml) {
  TWOHOP_ASSIGN_OR_RETURN(const Config config, ParseConfig(toml, "a.toml"));
  return TrainOptionsOf(config.train);
}

TEST(TrainConfigTest, DefaultsAreThoseOfTheTrainer) {
  EXPECT_EQ(OptionsToJson(TrainOptionsOf({})), OptionsToJson({}));
  EXPECT_EQ(TrainOptionsOf({}).epochs, TrainOptions{}.epochs);
}

TEST(TrainConfigTest, NamesBecomeChoices) {
  ASSERT_OK_AND_ASSIGN(const TrainOptions options,
                       OptionsOf("[train]\ntable_optimizer = \"adam\"\nlog_q = \"streaming\"\n"
                                 "condition = \"random\"\nhard_negatives = false\n"));
  EXPECT_EQ(options.table_optimizer, TableOptimizer::kAdam);
  EXPECT_EQ(options.log_q, LogQ::kStreaming);
  EXPECT_EQ(options.condition, ConditionSource::kRandom);
  EXPECT_FALSE(options.hard_negatives);
}

TEST(TrainConfigTest, ANameThatIsNoChoiceIsRefusedWithItsLine) {
  EXPECT_THAT(
      OptionsOf("[train]\nlog_q = \"none at all\"\n"),
      FailsWith(ErrorCode::kInvalidArgument, "a.toml:2: train.log_q must be one of counts"));
  EXPECT_THAT(OptionsOf("[train]\nhard_negatives = 1\n"),
              FailsWith(ErrorCode::kInvalidArgument, "hard_negatives must be true or false"));
}

class ExperimentTest : public testing::TestWithParam<const char*> {};

TEST_P(ExperimentTest, ItsConfigurationIsValid) {
  ASSERT_OK_AND_ASSIGN(const Config config, LoadConfig(std::filesystem::path(TWOHOP_SOURCE_DIR) /
                                                       "configs/experiments" / GetParam()));
  EXPECT_THAT(TrainOptionsOf(config.train).Validate(), IsOk());
}

INSTANTIATE_TEST_SUITE_P(All, ExperimentTest,
                         testing::Values("beauty.toml", "no_infonce.toml", "no_condition.toml",
                                         "no_hard_negatives.toml", "random_condition.toml",
                                         "attention.toml", "item_ids.toml"));

}  // namespace
}  // namespace twohop::app
