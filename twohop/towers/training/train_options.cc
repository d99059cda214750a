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

Status NotNegative(std::string_view field, double value) {
  if (std::isfinite(value) && value >= 0) return Ok();
  return InvalidArgument(fmt::format("{} must be at least 0, is {}", field, value));
}

Status ValidateWeights(const TrainOptions& options) {
  TWOHOP_RETURN_IF_ERROR(NotNegative("click_weight", options.click_weight));
  TWOHOP_RETURN_IF_ERROR(NotNegative("interest_weight", options.interest_weight));
  TWOHOP_RETURN_IF_ERROR(NotNegative("softmax_weight", options.softmax_weight));
  if (options.click_weight + options.interest_weight + options.softmax_weight > 0) return Ok();
  return InvalidArgument("click_weight, interest_weight and softmax_weight must not all be 0");
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
  TWOHOP_RETURN_IF_ERROR(AtMost("history_heads", options.history_heads, 16));
  TWOHOP_RETURN_IF_ERROR(AtMost("item_id", options.item_id, 4096));
  TWOHOP_RETURN_IF_ERROR(AtMost("softmax_negatives", options.softmax_negatives, 1U << 20U));
  TWOHOP_RETURN_IF_ERROR(Positive("negatives", static_cast<double>(options.negatives)));
  return AtMost("negatives", options.negatives, 256);
}

}  // namespace

Status TrainOptions::Validate() const {
  TWOHOP_RETURN_IF_ERROR(ValidateSizes(*this));
  TWOHOP_RETURN_IF_ERROR(Positive("learning_rate", learning_rate));
  TWOHOP_RETURN_IF_ERROR(Positive("table_learning_rate", table_learning_rate));
  TWOHOP_RETURN_IF_ERROR(Positive("temperature", temperature));
  TWOHOP_RETURN_IF_ERROR(ValidateWeights(*this));
  if (!(unconditioned_share >= 0 && unconditioned_share <= 1)) {
    return InvalidArgument(
        fmt::format("unconditioned_share must be in [0, 1], is {}", unconditioned_share));
  }
  TWOHOP_RETURN_IF_ERROR(Share("feature_dropout", feature_dropout));
  TWOHOP_RETURN_IF_ERROR(Share("history_dropout", history_dropout));
  TWOHOP_RETURN_IF_ERROR(Share("dropout", dropout));
  if (!(validation_share >= 0 && validation_share <= 0.5)) {
    return InvalidArgument(
        fmt::format("validation_share must be in [0, 0.5], is {}", validation_share));
  }
  if (time_limit.count() < 0) return InvalidArgument("time_limit must not be negative");
  return Ok();
}

std::string_view TableOptimizerName(TableOptimizer optimizer) {
  return optimizer == TableOptimizer::kAdam ? "adam" : "adagrad";
}

std::string_view LogQName(LogQ log_q) {
  if (log_q == LogQ::kNone) return "none";
  return log_q == LogQ::kStreaming ? "streaming" : "counts";
}

std::string_view ConditionSourceName(ConditionSource source) {
  return source == ConditionSource::kRandom ? "random" : "own_category";
}

Json OptionsToJson(const TrainOptions& options) {
  return {
      {"dim", options.dim},
      {"history_window", options.history_window},
      {"history_heads", options.history_heads},
      {"item_id", options.item_id},
      {"brand_buckets", options.brand_buckets},
      {"tag_buckets", options.tag_buckets},
      {"batch_size", options.batch_size},
      {"negatives", options.negatives},
      {"hard_negatives", options.hard_negatives},
      {"learning_rate", options.learning_rate},
      {"table_learning_rate", options.table_learning_rate},
      {"table_optimizer", TableOptimizerName(options.table_optimizer)},
      {"temperature", options.temperature},
      {"click_weight", options.click_weight},
      {"interest_weight", options.interest_weight},
      {"softmax_weight", options.softmax_weight},
      {"softmax_negatives", options.softmax_negatives},
      {"log_q", LogQName(options.log_q)},
      {"condition", ConditionSourceName(options.condition)},
      {"unconditioned_share", options.unconditioned_share},
      {"feature_dropout", options.feature_dropout},
      {"history_dropout", options.history_dropout},
      {"dropout", options.dropout},
      {"patience", options.patience},
      {"validation_share", options.validation_share},
      {"seed", options.seed},
  };
}

}  // namespace twohop
