#include "twohop/towers/training/train_options.h"

#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace twohop {
namespace {

Status Positive(std::string_view field, double value) {
  if (std::isfinite(value) && value > 0) return Ok();
  return InvalidArgument(fmt::format("{} must be above 0, is {}", field, value));
}

Status Share(std::string_view field, double value) {
  if (value >= 0 && value < 1) return Ok();
  return InvalidArgument(fmt::format("{} must be in [0, 1), is {}", field, value));
}

Status AtMost(std::string_view field, std::size_t value, std::size_t limit) {
  if (value <= limit) return Ok();
  return InvalidArgument(fmt::format("{} must be at most {}, is {}", field, limit, value));
}

// Sizes that are no use or would not fit in memory.
Status ValidateSizes(const TrainOptions& options) {
  constexpr std::size_t kMaxBuckets = std::size_t{1} << 24U;
  TWOHOP_RETURN_IF_ERROR(Positive("dim", static_cast<double>(options.dim)));
  TWOHOP_RETURN_IF_ERROR(AtMost("dim", options.dim, 4096));
  TWOHOP_RETURN_IF_ERROR(Positive("history_window", static_cast<double>(options.history_window)));
  TWOHOP_RETURN_IF_ERROR(AtMost("history_window", options.history_window, 10'000));
  TWOHOP_RETURN_IF_ERROR(Positive("brand_buckets", static_cast<double>(options.brand_buckets)));
  TWOHOP_RETURN_IF_ERROR(AtMost("brand_buckets", options.brand_buckets, kMaxBuckets));
  TWOHOP_RETURN_IF_ERROR(Positive("tag_buckets", static_cast<double>(options.tag_buckets)));
  TWOHOP_RETURN_IF_ERROR(AtMost("tag_buckets", options.tag_buckets, kMaxBuckets));
  TWOHOP_RETURN_IF_ERROR(Positive("epochs", static_cast<double>(options.epochs)));
  TWOHOP_RETURN_IF_ERROR(Positive("batch_size", static_cast<double>(options.batch_size)));
  TWOHOP_RETURN_IF_ERROR(AtMost("batch_size", options.batch_size, 65'536));
  TWOHOP_RETURN_IF_ERROR(Positive("negatives", static_cast<double>(options.negatives)));
  return AtMost("negatives", options.negatives, 256);
}

}  // namespace

Status TrainOptions::Validate() const {
  TWOHOP_RETURN_IF_ERROR(ValidateSizes(*this));
  TWOHOP_RETURN_IF_ERROR(Positive("learning_rate", learning_rate));
  TWOHOP_RETURN_IF_ERROR(Positive("table_learning_rate", table_learning_rate));
  TWOHOP_RETURN_IF_ERROR(Positive("temperature", temperature));
  if (!std::isfinite(interest_weight) || interest_weight < 0) {
    return InvalidArgument(
        fmt::format("interest_weight must be at least 0, is {}", interest_weight));
  }
  if (!(unconditioned_share >= 0 && unconditioned_share <= 1)) {
    return InvalidArgument(
        fmt::format("unconditioned_share must be in [0, 1], is {}", unconditioned_share));
  }
  TWOHOP_RETURN_IF_ERROR(Share("feature_dropout", feature_dropout));
  if (time_limit.count() < 0) return InvalidArgument("time_limit must not be negative");
  return Ok();
}

Json OptionsToJson(const TrainOptions& options) {
  return {
      {"dim", options.dim},
      {"history_window", options.history_window},
      {"brand_buckets", options.brand_buckets},
      {"tag_buckets", options.tag_buckets},
      {"batch_size", options.batch_size},
      {"negatives", options.negatives},
      {"learning_rate", options.learning_rate},
      {"table_learning_rate", options.table_learning_rate},
      {"temperature", options.temperature},
      {"interest_weight", options.interest_weight},
      {"unconditioned_share", options.unconditioned_share},
      {"feature_dropout", options.feature_dropout},
      {"seed", options.seed},
  };
}

}  // namespace twohop
