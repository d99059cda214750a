// The models that the configuration names, started when they are first needed.

#pragma once

#include <cstdint>
#include <filesystem>
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

TokenPrice PriceOf(const EndpointConfig& config);

// Per kind of token the highest price among the providers of chat.
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

  Result<ChatClient*> OpenChat(std::stop_token stop);
  Status AddProvider(const EndpointConfig& config, const Endpoint& endpoint);
  Result<ChatClient*> LimitedChat(ChatClient& chat);
  // Where the model is served, after starting the server if it is ours.
  Result<Endpoint> Connect(const EndpointConfig& config, ServedTask task,
                           std::unique_ptr<ManagedServer>& server, std::stop_token stop);

  const Config config_;
  const Workspace workspace_;
  const Clock& clock_;
  const std::uint32_t chat_context_tokens_;
  const CallLimits run_limits_;
  TokenMeter meter_;                    // Of everything.
  TokenMeter chat_meter_{{}, &meter_};  // Of all providers of chat.
  // Servers before clients, so that they end after them.
  std::unique_ptr<ManagedServer> chat_server_;
  std::unique_ptr<ManagedServer> embedding_server_;
  std::vector<std::unique_ptr<ChatProvider>> providers_;
  std::unique_ptr<FallbackChatClient> fallback_;
  std::unique_ptr<SpendingLedger> ledger_;
  std::unique_ptr<ChatClient> day_budget_;
  std::unique_ptr<ChatClient> run_budget_;
  ChatClient* chat_ = nullptr;  // The outermost of these.
  std::unique_ptr<EmbeddingClient> own_embedding_;
  EmbeddingClient* embedding_ = nullptr;
};

}  // namespace twohop::app
