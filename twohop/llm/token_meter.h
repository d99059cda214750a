// What language models cost: calls, tokens, seconds and money per stage of the work.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
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

// What this many tokens cost.
double UsdOf(const TokenPrice& price, double prompt_tokens, double completion_tokens);

struct StageUsage {
  std::string stage;
  TokenUsage usage;
  double seconds = 0.0;  // Of waiting for replies, summed over concurrent calls.
  double usd = 0.0;

  friend bool operator==(const StageUsage&, const StageUsage&) = default;
};

// Adds up what the clients that share it have used, at one price.
//
// Thread-safe.
class TokenMeter {
 public:
  // What is recorded here is recorded in `sum` too, at this meter's price: so several providers
  // have a meter each, and one for all. `sum` may be null, and must outlive this meter.
  explicit TokenMeter(TokenPrice price = {}, TokenMeter* sum = nullptr)
      : price_(price), sum_(sum) {}

  void Record(std::string_view stage, const TokenUsage& usage, double seconds);

  // Every stage recorded so far, by name.
  std::vector<StageUsage> Snapshot() const;

  // The sum of all stages, under the name "total".
  StageUsage Total() const;

 private:
  struct Spent {
    TokenUsage usage;
    double seconds = 0.0;
    double usd = 0.0;
  };

  void Add(std::string_view stage, const Spent& spent);

  const TokenPrice price_;
  TokenMeter* const sum_;
  mutable Mutex mutex_;
  std::map<std::string, Spent, std::less<>> stages_ TWOHOP_GUARDED_BY(mutex_);
  Spent total_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop
