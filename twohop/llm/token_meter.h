// What language models cost: calls, tokens, seconds and money per stage of the work.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/mutex.h"
#include "twohop/base/result.h"
#include "twohop/llm/chat_client.h"

namespace twohop {

struct TokenPrice {
  double prompt_usd_per_million = 0.0;  // 0: a model that runs here.
  double completion_usd_per_million = 0.0;

  friend bool operator==(const TokenPrice&, const TokenPrice&) = default;
};

struct StageUsage {
  std::string stage;
  TokenUsage usage;
  double seconds = 0.0;  // Of waiting for replies, summed over concurrent calls.
  double usd = 0.0;

  friend bool operator==(const StageUsage&, const StageUsage&) = default;
};

// Adds up what the clients that share it have spent, and stops them when a budget is spent.
//
// Thread-safe.
class TokenMeter {
 public:
  // `budget_tokens` limits prompt and completion tokens together; nothing: no limit.
  explicit TokenMeter(TokenPrice price = {},
                      std::optional<std::uint64_t> budget_tokens = std::nullopt)
      : price_(price), budget_tokens_(budget_tokens) {}

  // To be asked before a call. A call's cost is known only afterwards, so the calls in flight when
  // the budget runs out may exceed it by what they use.
  //
  // Errors: kResourceExhausted if the budget is spent.
  Status CheckBudget() const;

  void Record(std::string_view stage, const TokenUsage& usage, double seconds);

  // Every stage recorded so far, by name.
  std::vector<StageUsage> Snapshot() const;

  // The sum of all stages, under the name "total".
  StageUsage Total() const;

 private:
  struct Spent {
    TokenUsage usage;
    double seconds = 0.0;
  };

  StageUsage Priced(std::string stage, const Spent& spent) const;

  const TokenPrice price_;
  const std::optional<std::uint64_t> budget_tokens_;
  mutable Mutex mutex_;
  std::map<std::string, Spent, std::less<>> stages_ TWOHOP_GUARDED_BY(mutex_);
  Spent total_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop
