#include "twohop/llm/token_meter.h"

#include <utility>

#include <fmt/format.h>

namespace twohop {

Status TokenMeter::CheckBudget() const {
  if (!budget_tokens_) return Ok();
  MutexLock lock(mutex_);
  const std::uint64_t spent = total_.usage.prompt_tokens + total_.usage.completion_tokens;
  if (spent < *budget_tokens_) return Ok();
  return ResourceExhausted(fmt::format(
      "the language model's budget of {} tokens is spent ({} used)", *budget_tokens_, spent));
}

void TokenMeter::Record(std::string_view stage, const TokenUsage& usage, double seconds) {
  MutexLock lock(mutex_);
  auto it = stages_.find(stage);
  if (it == stages_.end()) it = stages_.emplace(std::string(stage), Spent{}).first;
  for (Spent* spent : {&it->second, &total_}) {
    spent->usage += usage;
    spent->seconds += seconds;
  }
}

std::vector<StageUsage> TokenMeter::Snapshot() const {
  MutexLock lock(mutex_);
  std::vector<StageUsage> stages;
  stages.reserve(stages_.size());
  for (const auto& [stage, spent] : stages_) stages.push_back(Priced(stage, spent));
  return stages;
}

StageUsage TokenMeter::Total() const {
  MutexLock lock(mutex_);
  return Priced("total", total_);
}

StageUsage TokenMeter::Priced(std::string stage, const Spent& spent) const {
  constexpr double kMillion = 1e6;
  const double usd =
      static_cast<double>(spent.usage.prompt_tokens) * price_.prompt_usd_per_million / kMillion +
      static_cast<double>(spent.usage.completion_tokens) * price_.completion_usd_per_million /
          kMillion;
  return {.stage = std::move(stage), .usage = spent.usage, .seconds = spent.seconds, .usd = usd};
}

}  // namespace twohop
