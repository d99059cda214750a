#include "twohop/distill/call_budget.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/mutex.h"

namespace twohop {
namespace {

constexpr double kFirstTokensPerByte = 1.0 / 3.0;
constexpr double kMillion = 1e6;

struct Cost {
  double tokens = 0.0;
  double usd = 0.0;
};

std::size_t PromptBytes(const ChatRequest& request) {
  std::size_t bytes = 0;
  for (const ChatMessage& message : request.messages) bytes += message.content.size();
  return bytes;
}

class BudgetedChatClient final : public ChatClient {
 public:
  BudgetedChatClient(ChatClient& inner, const TokenMeter& meter, const TokenPrice& price,
                     const CallLimits& limits)
      : inner_(inner), meter_(meter), price_(price), limits_(limits) {}

  Result<ChatReply> Complete(const ChatRequest& request, std::stop_token stop) override {
    TWOHOP_ASSIGN_OR_RETURN(const Cost reserved, Reserve(request, stop));
    Result<ChatReply> reply = inner_.Complete(request, std::move(stop));
    Release(reserved, PromptBytes(request), reply);
    return reply;
  }

  std::string model() const override { return inner_.model(); }

 private:
  Result<Cost> Reserve(const ChatRequest& request, const std::stop_token& stop) {
    MutexLock lock(mutex_);
    Cost cost;
    const auto fits_or_alone = [&]() TWOHOP_REQUIRES(mutex_) {
      cost = MostOf(request);
      return Fits(cost) || under_way_ == 0;
    };
    if (!released_.Wait(mutex_, stop, fits_or_alone)) return Cancelled("a stop was requested");
    if (!Fits(cost)) return Spent(cost);
    reserved_.tokens += cost.tokens;
    reserved_.usd += cost.usd;
    ++under_way_;
    return cost;
  }

  // The meter knows of the call already, so for a moment it counts twice and never not at all.
  void Release(const Cost& cost, std::size_t prompt_bytes, const Result<ChatReply>& reply) {
    {
      MutexLock lock(mutex_);
      --under_way_;
      reserved_ = under_way_ == 0 ? Cost{}  // No rounding errors that add up.
                                  : Cost{.tokens = reserved_.tokens - cost.tokens,
                                         .usd = reserved_.usd - cost.usd};
      if (reply.has_value() && reply->usage.prompt_tokens > 0 && prompt_bytes > 0) {
        const double seen =
            static_cast<double>(reply->usage.prompt_tokens) / static_cast<double>(prompt_bytes);
        tokens_per_byte_ = std::max(tokens_per_byte_.value_or(0.0), seen);
      }
    }
    released_.NotifyAll();
  }

  Cost MostOf(const ChatRequest& request) const TWOHOP_REQUIRES(mutex_) {
    const double prompt = std::ceil(static_cast<double>(PromptBytes(request)) *
                                    tokens_per_byte_.value_or(kFirstTokensPerByte));
    const auto reply = static_cast<double>(request.max_tokens);
    return {.tokens = prompt + reply,
            .usd = (prompt * price_.prompt_usd_per_million +
                    reply * price_.completion_usd_per_million) /
                   kMillion};
  }

  Cost SpentAndReserved() const TWOHOP_REQUIRES(mutex_) {
    const StageUsage spent = meter_.Total();
    return {.tokens = reserved_.tokens + static_cast<double>(spent.usage.prompt_tokens +
                                                             spent.usage.completion_tokens),
            .usd = reserved_.usd + spent.usd};
  }

  bool Fits(const Cost& cost) const TWOHOP_REQUIRES(mutex_) {
    const Cost taken = SpentAndReserved();
    const bool tokens_fit = !limits_.max_tokens ||
                            taken.tokens + cost.tokens <= static_cast<double>(*limits_.max_tokens);
    return tokens_fit && (!limits_.max_usd || taken.usd + cost.usd <= *limits_.max_usd);
  }

  tl::unexpected<Error> Spent(const Cost& cost) const TWOHOP_REQUIRES(mutex_) {
    const Cost taken = SpentAndReserved();
    std::string limit;
    if (limits_.max_tokens) limit += fmt::format("{} tokens", *limits_.max_tokens);
    if (limits_.max_usd) limit += fmt::format("{}${}", limit.empty() ? "" : ", ", *limits_.max_usd);
    return ResourceExhausted(fmt::format(
        "the budget ({}) does not allow another call: {:.0f} tokens, ${:.4f} are spent, and it may "
        "take {:.0f} tokens, ${:.4f}",
        limit, taken.tokens, taken.usd, cost.tokens, cost.usd));
  }

  ChatClient& inner_;
  const TokenMeter& meter_;
  const TokenPrice price_;
  const CallLimits limits_;
  Mutex mutex_;
  CondVar released_;
  Cost reserved_ TWOHOP_GUARDED_BY(mutex_);
  std::size_t under_way_ TWOHOP_GUARDED_BY(mutex_) = 0;
  std::optional<double> tokens_per_byte_ TWOHOP_GUARDED_BY(mutex_);  // The most that was seen.
};

}  // namespace

std::unique_ptr<ChatClient> MakeBudgetedChatClient(ChatClient& inner, const TokenMeter& meter,
                                                   const TokenPrice& price,
                                                   const CallLimits& limits) {
  return std::make_unique<BudgetedChatClient>(inner, meter, price, limits);
}

}  // namespace twohop
