#include "apps/twohop-train/train_config.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "twohop/base/check.h"

namespace twohop::app {
namespace {

// The value with this name.
template <typename T, typename Name>
T ByName(std::string_view wanted, std::initializer_list<T> values, Name name) {
  const auto found =
      std::find_if(values.begin(), values.end(), [&](T value) { return name(value) == wanted; });
  TWOHOP_CHECK(found != values.end());  // ParseConfig takes no other name.
  return *found;
}

}  // namespace

TrainOptions TrainOptionsOf(const TrainConfig& config) {
  TrainOptions options;
  options.epochs = config.epochs;
  options.seed = config.seed;
  options.validation_share = config.validation_share;
  options.patience = config.patience;
  options.batch_size = config.batch_size;
  options.dim = config.dim;
  options.history_window = config.history_window;
  options.history_heads = config.history_heads;
  options.item_id = config.item_id;
  options.negatives = config.negatives;
  options.hard_negatives = config.hard_negatives;
  options.learning_rate = static_cast<float>(config.learning_rate);
  options.table_learning_rate = static_cast<float>(config.table_learning_rate);
  options.table_optimizer =
      ByName(config.table_optimizer, {TableOptimizer::kAdagrad, TableOptimizer::kAdam},
             TableOptimizerName);
  options.temperature = static_cast<float>(config.temperature);
  options.click_weight = static_cast<float>(config.click_weight);
  options.interest_weight = static_cast<float>(config.interest_weight);
  options.softmax_weight = static_cast<float>(config.softmax_weight);
  options.softmax_negatives = config.softmax_negatives;
  options.log_q = ByName(config.log_q, {LogQ::kCounts, LogQ::kStreaming, LogQ::kNone}, LogQName);
  options.condition =
      ByName(config.condition, {ConditionSource::kOwnCategory, ConditionSource::kRandom},
             ConditionSourceName);
  options.unconditioned_share = config.unconditioned_share;
  options.feature_dropout = config.feature_dropout;
  options.history_dropout = config.history_dropout;
  options.dropout = static_cast<float>(config.dropout);
  return options;
}

}  // namespace twohop::app
