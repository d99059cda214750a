#include "twohop/towers/training/train_options.h"

#include <limits>

#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"

namespace twohop {
namespace {

constexpr auto kInvalid = ErrorCode::kInvalidArgument;

TEST(TrainOptionsTest, DefaultsAreValid) { EXPECT_THAT(TrainOptions{}.Validate(), IsOk()); }

TEST(TrainOptionsTest, SizesOfZeroAreRejectedByName) {
  EXPECT_THAT(TrainOptions{.dim = 0}.Validate(), FailsWith(kInvalid, "dim"));
  EXPECT_THAT(TrainOptions{.history_window = 0}.Validate(), FailsWith(kInvalid, "history_window"));
  EXPECT_THAT(TrainOptions{.brand_buckets = 0}.Validate(), FailsWith(kInvalid, "brand_buckets"));
  EXPECT_THAT(TrainOptions{.tag_buckets = 0}.Validate(), FailsWith(kInvalid, "tag_buckets"));
  EXPECT_THAT(TrainOptions{.epochs = 0}.Validate(), FailsWith(kInvalid, "epochs"));
  EXPECT_THAT(TrainOptions{.batch_size = 0}.Validate(), FailsWith(kInvalid, "batch_size"));
  EXPECT_THAT(TrainOptions{.negatives = 0}.Validate(), FailsWith(kInvalid, "negatives"));
}

TEST(TrainOptionsTest, SizesThatFitInNoMemoryAreRejectedByName) {
  EXPECT_THAT(TrainOptions{.dim = 5000}.Validate(), FailsWith(kInvalid, "dim"));
  EXPECT_THAT(TrainOptions{.batch_size = 1U << 20U}.Validate(), FailsWith(kInvalid, "batch_size"));
}

TEST(TrainOptionsTest, RatesThatAreNotPositiveNumbersAreRejectedByName) {
  EXPECT_THAT(TrainOptions{.learning_rate = 0}.Validate(), FailsWith(kInvalid, "learning_rate"));
  EXPECT_THAT(TrainOptions{.table_learning_rate = -1}.Validate(),
              FailsWith(kInvalid, "table_learning_rate"));
  EXPECT_THAT(TrainOptions{.temperature = std::numeric_limits<float>::quiet_NaN()}.Validate(),
              FailsWith(kInvalid, "temperature"));
  EXPECT_THAT(TrainOptions{.interest_weight = -1}.Validate(),
              FailsWith(kInvalid, "interest_weight"));
}

TEST(TrainOptionsTest, SharesOutsideTheirRangeAreRejectedByName) {
  EXPECT_THAT(TrainOptions{.unconditioned_share = 1.1}.Validate(),
              FailsWith(kInvalid, "unconditioned_share"));
  EXPECT_THAT(TrainOptions{.feature_dropout = 1}.Validate(),
              FailsWith(kInvalid, "feature_dropout"));
}

TEST(TrainOptionsTest, ALossThatWeighsNothingInAllIsRejected) {
  EXPECT_THAT((TrainOptions{.click_weight = 0, .interest_weight = 0}.Validate()),
              FailsWith(kInvalid, "must not all be 0"));
}

TEST(TrainOptionsTest, DropoutOfEverythingIsRejectedByName) {
  EXPECT_THAT(TrainOptions{.history_dropout = 1}.Validate(),
              FailsWith(kInvalid, "history_dropout"));
  EXPECT_THAT(TrainOptions{.dropout = 1}.Validate(), FailsWith(kInvalid, "dropout"));
}

TEST(TrainOptionsTest, ANegativeTimeLimitIsRejected) {
  EXPECT_THAT(TrainOptions{.time_limit = std::chrono::seconds(-1)}.Validate(),
              FailsWith(kInvalid, "time_limit"));
}

TEST(TrainOptionsTest, JsonTellsApartWhatDecidesTheOutcome) {
  EXPECT_NE(OptionsToJson({.seed = 1}), OptionsToJson({.seed = 2}));
  EXPECT_EQ(OptionsToJson({.threads = 1}), OptionsToJson({.threads = 2}));
}

}  // namespace
}  // namespace twohop
