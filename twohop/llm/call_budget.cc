#include "twohop/llm/call_budget.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/mutex.h"
#include "twohop/base/time_format.h"

namespace twohop {
namespace {

constexpr std::size_t kCautiousBytesPerToken = 3;

Spending SpendingOf(const StageUsage& usage) {
  return {.tokens = usage.usage.prompt_tokens + usage.usage.completion_tokens, .usd = usage.usd};
}

class BudgetedChatClient final : public ChatClient {
 public:
  BudgetedChatClient(ChatClient& inner, const TokenMeter& meter, const TokenPrice& price,
                     const CallLimits& limits, SpendingLedger* ledger)
      : inner_(inner),
        meter_(meter),
        price_(price),
        limits_(limits),
        ledger_(ledger == nullptr ? own_ledger_ : *ledger),
        booked_(SpendingOf(meter.Total())) {}

  Result<ChatReply> Complete(const ChatRequest& request, std::stop_token stop) override {
    TWOHOP_ASSIGN_OR_RETURN(const SpendingLedger::Reservation reserved, Reserve(request, stop));
    Result<ChatReply> reply = inner_.Complete(request, std::move(stop));
    Settle(reserved, PromptBytes(request), reply);
    return reply;
  }

  std::string model() const override { return inner_.model(); }

 private:
  Result<SpendingLedger::Reservation> Reserve(const ChatRequest& request,
                                              const std::stop_token& stop) {
    MutexLock lock(mutex_);
    for (;;) {
      const Spending most = MostOf(request);
      TWOHOP_RETURN_IF_ERROR(CheckCeiling(most));
      TWOHOP_ASSIGN_OR_RETURN(const auto reserved, ledger_.Reserve(most, limits_));
      if (reserved) {
        ++under_way_;
        return *reserved;
      }
      if (under_way_ == 0) return Spent(most);
      const std::uint64_t seen = settled_;
      const auto has_settled = [&]() TWOHOP_REQUIRES(mutex_) { return settled_ != seen; };
      if (!changed_.Wait(mutex_, stop, has_settled)) return Cancelled("a stop was requested");
    }
  }

  // Books all that the meter has recorded since the last time, also of calls still under way: for a
  // moment they count twice and never not at all.
  void Settle(const SpendingLedger::Reservation& reserved, std::size_t prompt_bytes,
              const Result<ChatReply>& reply) {
    {
      MutexLock lock(mutex_);
      const Spending recorded = SpendingOf(meter_.Total());
      const Spending unbooked{.tokens = recorded.tokens - booked_.tokens,
                              .usd = std::max(0.0, recorded.usd - booked_.usd)};
      if (ledger_.Settle(reserved, unbooked).has_value()) booked_ = recorded;
      --under_way_;
      ++settled_;
      if (reply.has_value() && reply->usage.prompt_tokens > 0 && prompt_bytes > 0) {
        const double seen =
            static_cast<double>(reply->usage.prompt_tokens) / static_cast<double>(prompt_bytes);
        tokens_per_byte_ = std::max(tokens_per_byte_.value_or(0.0), seen);
      }
    }
    changed_.NotifyAll();
  }

  Spending MostOf(const ChatRequest& request) const TWOHOP_REQUIRES(mutex_) {
    const std::size_t bytes = PromptBytes(request);
    const std::uint64_t prompt =
        tokens_per_byte_
            ? static_cast<std::uint64_t>(std::ceil(static_cast<double>(bytes) * *tokens_per_byte_))
            : MostPromptTokens(bytes);
    return {
        .tokens = prompt + request.max_tokens,
        .usd = UsdOf(price_, static_cast<double>(prompt), static_cast<double>(request.max_tokens))};
  }

  Status CheckCeiling(const Spending& most) const {
    if (!limits_.max_call_tokens || most.tokens <= *limits_.max_call_tokens) return Ok();
    return InvalidArgument(fmt::format("a call may take {} tokens, and this one up to {}",
                                       *limits_.max_call_tokens, most.tokens));
  }

  tl::unexpected<Error> Spent(const Spending& most) {
    const Result<Spending> spent = ledger_.Spent();
    if (!spent) return tl::unexpected<Error>(spent.error());
    std::string limit;
    if (limits_.max_tokens) limit += fmt::format("{} tokens", *limits_.max_tokens);
    if (limits_.max_usd) limit += fmt::format("{}${}", limit.empty() ? "" : ", ", *limits_.max_usd);
    const auto renewal = ledger_.renewal();
    return ResourceExhausted(fmt::format(
        "the {}budget ({}) does not allow another call: {} tokens, ${:.4f} are spent, and it may "
        "take {} tokens, ${:.4f}{}",
        renewal ? "day's " : "", limit, spent->tokens, spent->usd, most.tokens, most.usd,
        renewal ? "; the next day begins at " + FormatTime(*renewal) : ""));
  }

  ChatClient& inner_;
  const TokenMeter& meter_;
  const TokenPrice price_;
  const CallLimits limits_;
  SpendingLedger own_ledger_;
  SpendingLedger& ledger_;
  // Held while the ledger writes its file: reserving is one step. Calls take seconds, the file
  // milliseconds.
  Mutex mutex_;
  CondVar changed_;
  Spending booked_ TWOHOP_GUARDED_BY(mutex_);  // Of what the meter has recorded.
  std::size_t under_way_ TWOHOP_GUARDED_BY(mutex_) = 0;
  std::uint64_t settled_ TWOHOP_GUARDED_BY(mutex_) = 0;
  std::optional<double> tokens_per_byte_ TWOHOP_GUARDED_BY(mutex_);  // The most that was seen.
};

}  // namespace

std::size_t PromptBytes(const ChatRequest& request) {
  std::size_t bytes = 0;
  for (const ChatMessage& message : request.messages) bytes += message.content.size();
  return bytes;
}

std::uint64_t MostPromptTokens(std::size_t prompt_bytes) {
  return (prompt_bytes + kCautiousBytesPerToken - 1) / kCautiousBytesPerToken;
}

std::unique_ptr<ChatClient> MakeBudgetedChatClient(ChatClient& inner, const TokenMeter& meter,
                                                   const TokenPrice& price,
                                                   const CallLimits& limits,
                                                   SpendingLedger& ledger) {
  return std::make_unique<BudgetedChatClient>(inner, meter, price, limits, &ledger);
}

std::unique_ptr<ChatClient> MakeBudgetedChatClient(ChatClient& inner, const TokenMeter& meter,
                                                   const TokenPrice& price,
                                                   const CallLimits& limits) {
  return std::make_unique<BudgetedChatClient>(inner, meter, price, limits, nullptr);
}

}  // namespace twohop
