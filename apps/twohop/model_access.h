// The models that the configuration names, started when they are first needed.

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "apps/common/config.h"
#include "apps/common/workspace.h"

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/llm/call_budget.h"
#include "twohop/llm/chat_client.h"
#include "twohop/llm/circuit_breaker.h"
#include "twohop/llm/embedding_client.h"
#include "twohop/llm/endpoint.h"
#include "twohop/llm/fallback_chat_client.h"
#include "twohop/llm/managed_server.h"
#include "twohop/llm/remembering_chat_client.h"
#include "twohop/llm/spending_ledger.h"
#include "twohop/llm/token_meter.h"

namespace twohop::app {

// What one provider of chat was asked for, and how it is.
struct ProviderUsage {
  std::string name;  // "gpt-x at https://api.example.com/v1"
  StageUsage total;
  BreakerState breaker = BreakerState::kClosed;
  std::uint64_t times_opened = 0;   // Of the breaker.
  std::uint64_t calls_refused = 0;  // By the breaker.
};

// "gpt-x at https://api.example.com/v1"; of a managed one the model alone.
std::string EndpointName(const EndpointConfig& config);

TokenPrice PriceOf(const EndpointConfig& config);

// Per kind of token the highest price among the providers of [llm] and its fallbacks.
TokenPrice DearestPrice(const Config& config);

// What the configuration allows in a day.
CallLimits DayLimits(const LlmLimitsConfig& limits);

// Owns clients and, in managed mode, the local servers behind them. A command that turns out to
// need no model starts none.
//
// Not thread-safe; the clients are. `clock` must outlive it.
class ModelAccess {
 public:
  // `chat_context_tokens` is what a managed chat server must have room for in each request, prompt
  // and reply together; 0: as much as ManagedServerOptions gives. `run_limits` hold for all chat
  // through this object, beside the day's.
  ModelAccess(const Config& config, const Workspace& workspace, const Clock& clock,
              std::uint32_t chat_context_tokens = 0, const CallLimits& run_limits = {});

  // The client; owned by this object. The first call starts the server, which takes seconds.
  //
  // Errors: kFailedPrecondition if models or Python environment are not there (run scripts/setup)
  // or the variable with the key is not set; those of ManagedServer::Start; of Chat also those of
  // SpendingLedger::OpenDaily.
  Result<ChatClient*> Chat(std::stop_token stop);
  Result<EmbeddingClient*> Embedding(std::stop_token stop);

  const std::string& chat_model() const { return config_.llm.model; }
  // The LoRA adapter's name; empty if there is none.
  std::string chat_adapter() const {
    return config_.llm.managed() ? config_.llm.adapter : std::string();
  }
  const std::string& embedding_model() const { return config_.embedding.model; }

  // Has these answer instead of the configured models, without any limit, and starts no server.
  // They must outlive this object. Before the first call of Chat and Embedding.
  void Rehearse(ChatClient& chat, EmbeddingClient& embedding);

  // The client of a debate's agent that has an endpoint of its own: with its own breaker and meter,
  // without fallback, within the same budgets. Owned by this object; one for each endpoint.
  //
  // Errors: those of Chat.
  Result<ChatClient*> AgentChat(const EndpointConfig& endpoint, std::stop_token stop);

  // Chat() with a memory, for long measurements that may be interrupted: each question is asked
  // once, over restarts too, and its reply is in the workspace. One process at a time.
  //
  // Errors: those of Chat and of RememberingChatClient::Open.
  Result<std::unique_ptr<RememberingChatClient>> RememberingChat(std::stop_token stop);

  TokenMeter& meter() { return meter_; }

  // In the order in which they are asked; empty before the first call of Chat.
  std::vector<ProviderUsage> provider_usage() const;

 private:
  struct ChatProvider {
    ChatProvider(std::string its_name, const TokenPrice& price, TokenMeter& sum)
        : name(std::move(its_name)), meter(price, &sum) {}

    const std::string name;
    TokenMeter meter;
    std::unique_ptr<ChatClient> client;
    std::unique_ptr<CircuitBreakerChatClient> breaker;
  };

  // Providers that stand in for each other, and what is around them.
  struct ChatStack {
    explicit ChatStack(TokenMeter& sum) : meter({}, &sum) {}

    TokenMeter meter;  // Of all its providers.
    std::vector<std::unique_ptr<ChatProvider>> providers;
    std::unique_ptr<FallbackChatClient> fallback;
    std::unique_ptr<ChatClient> day_budget;
    std::unique_ptr<ChatClient> run_budget;
    ChatClient* outermost = nullptr;
  };

  Result<std::unique_ptr<ChatStack>> OpenChat(std::stop_token stop);
  Status AddProvider(const EndpointConfig& config, const Endpoint& endpoint, ChatStack& stack);
  // Puts the fallback and the budgets around the stack's providers.
  Status Close(const TokenPrice& dearest, ChatStack& stack);
  Status LimitStack(const TokenPrice& dearest, ChatStack& stack);
  // Where the model is served, after starting the server if it is ours.
  Result<Endpoint> Connect(const EndpointConfig& config, ServedTask task,
                           std::unique_ptr<ManagedServer>& server, std::stop_token stop);

  const Config config_;
  const Workspace workspace_;
  const Clock& clock_;
  const std::uint32_t chat_context_tokens_;
  const CallLimits run_limits_;
  TokenMeter meter_;  // Of everything.
  // Servers before clients, so that they end after them.
  std::unique_ptr<ManagedServer> chat_server_;
  std::unique_ptr<ManagedServer> embedding_server_;
  std::unique_ptr<SpendingLedger> day_ledger_;  // Null until there is a budget to keep.
  SpendingLedger run_ledger_;
  std::unique_ptr<ChatStack> chat_stack_;
  std::map<std::string, std::unique_ptr<ChatStack>> agent_stacks_;  // By EndpointName.
  ChatClient* chat_ = nullptr;
  bool rehearsing_ = false;  // Others answer.
  std::unique_ptr<EmbeddingClient> own_embedding_;
  EmbeddingClient* embedding_ = nullptr;
};

}  // namespace twohop::app
