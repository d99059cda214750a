#include "twohop/llm/token_meter.h"

namespace twohop {

double UsdOf(const TokenPrice& price, double prompt_tokens, double completion_tokens) {
  constexpr double kMillion = 1e6;
  return prompt_tokens * price.prompt_usd_per_million / kMillion +
         completion_tokens * price.completion_usd_per_million / kMillion;
}

void TokenMeter::Record(std::string_view stage, const TokenUsage& usage, double seconds) {
  const Spent spent{.usage = usage,
                    .seconds = seconds,
                    .usd = UsdOf(price_, static_cast<double>(usage.prompt_tokens),
                                 static_cast<double>(usage.completion_tokens))};
  for (TokenMeter* meter = this; meter != nullptr; meter = meter->sum_) meter->Add(stage, spent);
}

void TokenMeter::Add(std::string_view stage, const Spent& spent) {
  MutexLock lock(mutex_);
  auto it = stages_.find(stage);
  if (it == stages_.end()) it = stages_.emplace(std::string(stage), Spent{}).first;
  for (Spent* sum : {&it->second, &total_}) {
    sum->usage += spent.usage;
    sum->seconds += spent.seconds;
    sum->usd += spent.usd;
  }
}

std::vector<StageUsage> TokenMeter::Snapshot() const {
  MutexLock lock(mutex_);
  std::vector<StageUsage> stages;
  stages.reserve(stages_.size());
  for (const auto& [stage, spent] : stages_) {
    stages.push_back({stage, spent.usage, spent.seconds, spent.usd});
  }
  return stages;
}

StageUsage TokenMeter::Total() const {
  MutexLock lock(mutex_);
  return {"total", total_.usage, total_.seconds, total_.usd};
}

}  // namespace twohop
