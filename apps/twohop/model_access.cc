#include "apps/twohop/model_access.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "apps/common/assets.h"
#include <fmt/format.h>

#include "twohop/base/hash.h"
#include "twohop/llm/openai_client.h"

namespace twohop::app {
namespace {

constexpr std::uint64_t kJitterSeed = 1;

Result<std::string> ReadApiKey(const EndpointConfig& config) {
  if (config.api_key_env.empty()) return std::string();
  const char* key = std::getenv(config.api_key_env.c_str());  // NOLINT(concurrency-mt-unsafe)
  if (key == nullptr || *key == '\0') {
    return FailedPrecondition(fmt::format(
        "environment variable {} should hold the API key and is not set", config.api_key_env));
  }
  return std::string(key);
}

Result<Endpoint> RemoteEndpoint(const EndpointConfig& config) {
  Endpoint endpoint;
  endpoint.base_url = config.url;
  endpoint.model = config.model;
  endpoint.max_concurrency = config.parallel;
  TWOHOP_ASSIGN_OR_RETURN(endpoint.api_key, ReadApiKey(config));
  return endpoint;
}

template <typename T>
std::optional<T> UnlessZero(T limit) {
  return limit == 0 ? std::nullopt : std::optional(limit);
}

bool HasBudget(const CallLimits& limits) { return limits.max_tokens || limits.max_usd; }

}  // namespace

std::string EndpointName(const EndpointConfig& config) {
  return config.managed() ? config.model : fmt::format("{} at {}", config.model, config.url);
}

TokenPrice PriceOf(const EndpointConfig& config) {
  return {.prompt_usd_per_million = config.usd_per_million_prompt_tokens,
          .completion_usd_per_million = config.usd_per_million_completion_tokens};
}

TokenPrice DearestPrice(const Config& config) {
  TokenPrice dearest = PriceOf(config.llm);
  for (const EndpointConfig& next : config.llm_fallback) {
    const TokenPrice price = PriceOf(next);
    dearest.prompt_usd_per_million =
        std::max(dearest.prompt_usd_per_million, price.prompt_usd_per_million);
    dearest.completion_usd_per_million =
        std::max(dearest.completion_usd_per_million, price.completion_usd_per_million);
  }
  return dearest;
}

CallLimits DayLimits(const LlmLimitsConfig& limits) {
  return {.max_usd = UnlessZero(limits.daily_budget_usd),
          .max_tokens = UnlessZero(limits.daily_budget_tokens),
          .max_call_tokens = UnlessZero(limits.max_call_tokens)};
}

ModelAccess::ModelAccess(const Config& config, const Workspace& workspace, const Clock& clock,
                         std::uint32_t chat_context_tokens, const CallLimits& run_limits)
    : config_(config),
      workspace_(workspace),
      clock_(clock),
      chat_context_tokens_(chat_context_tokens),
      run_limits_(run_limits) {}

Result<Endpoint> ModelAccess::Connect(const EndpointConfig& config, ServedTask task,
                                      std::unique_ptr<ManagedServer>& server,
                                      std::stop_token stop) {
  Endpoint endpoint;
  if (config.managed()) {
    ManagedServerOptions options;
    options.python = PythonProgram();
    options.script = ServerScript();
    options.model = ModelFile(config.model);
    options.model_name = config.model;
    options.task = task;
    options.log_file = workspace_.logs() / (config.model + ".log");
    options.slots = config.parallel;
    if (task == ServedTask::kChat) options.context_per_slot = chat_context_tokens_;
    if (!config.adapter.empty()) options.adapter = AdapterFile(config.adapter);
    options.threads = config.threads;
    TWOHOP_ASSIGN_OR_RETURN(server, ManagedServer::Start(options, clock_, stop));
    endpoint = server->endpoint();
  } else {
    TWOHOP_ASSIGN_OR_RETURN(endpoint, RemoteEndpoint(config));
  }
  endpoint.request_timeout = std::chrono::seconds(config.request_timeout_s);
  return endpoint;
}

void ModelAccess::Rehearse(ChatClient& chat, EmbeddingClient& embedding) {
  chat_ = &chat;
  embedding_ = &embedding;
  rehearsing_ = true;
}

Result<ChatClient*> ModelAccess::Chat(std::stop_token stop) {
  if (chat_ == nullptr) {
    TWOHOP_ASSIGN_OR_RETURN(chat_stack_, OpenChat(std::move(stop)));
    chat_ = chat_stack_->outermost;
  }
  return chat_;
}

Result<ChatClient*> ModelAccess::AgentChat(const EndpointConfig& config, std::stop_token stop) {
  if (rehearsing_) return Chat(std::move(stop));
  std::unique_ptr<ChatStack>& known = agent_stacks_[EndpointName(config)];
  if (known == nullptr) {
    auto stack = std::make_unique<ChatStack>(meter_);
    TWOHOP_ASSIGN_OR_RETURN(Endpoint endpoint, RemoteEndpoint(config));
    endpoint.request_timeout = std::chrono::seconds(config.request_timeout_s);
    TWOHOP_RETURN_IF_ERROR(AddProvider(config, endpoint, *stack));
    TWOHOP_RETURN_IF_ERROR(Close(PriceOf(config), *stack));
    known = std::move(stack);
  }
  return known->outermost;
}

Result<std::unique_ptr<RememberingChatClient>> ModelAccess::RememberingChat(std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(ChatClient* const chat, Chat(std::move(stop)));
  const std::string who = config_.llm.url + "\n" + chat_model() + "\n" + chat_adapter();
  return RememberingChatClient::Open(*chat, workspace_.remembered_replies(HashHex(Hash64(who))),
                                     clock_);
}

// From the inside out: a meter, a breaker, the fallback, the budgets.
//
// - The meter is innermost, in the client of each provider, because prices differ and a reply that
//   nobody can use is paid for all the same.
// - A breaker is around each provider, inside the fallback: one that is down is left alone while
//   the next is asked.
// - The budgets are outside of both. A spent budget is the same for every provider, so it must not
//   send the fallback to the next; it is no failure of a server, so it must not open a breaker; and
//   one question is reserved for once, whoever answers it.
Result<std::unique_ptr<ModelAccess::ChatStack>> ModelAccess::OpenChat(std::stop_token stop) {
  auto stack = std::make_unique<ChatStack>(meter_);
  TWOHOP_ASSIGN_OR_RETURN(const Endpoint first,
                          Connect(config_.llm, ServedTask::kChat, chat_server_, std::move(stop)));
  TWOHOP_RETURN_IF_ERROR(AddProvider(config_.llm, first, *stack));
  for (const EndpointConfig& next : config_.llm_fallback) {
    TWOHOP_ASSIGN_OR_RETURN(Endpoint endpoint, RemoteEndpoint(next));
    endpoint.request_timeout = std::chrono::seconds(next.request_timeout_s);
    TWOHOP_RETURN_IF_ERROR(AddProvider(next, endpoint, *stack));
  }
  TWOHOP_RETURN_IF_ERROR(Close(DearestPrice(config_), *stack));
  return stack;
}

Status ModelAccess::AddProvider(const EndpointConfig& config, const Endpoint& endpoint,
                                ChatStack& stack) {
  Endpoint patient = endpoint;
  patient.call_timeout = std::chrono::seconds(config_.llm_limits.call_deadline_s);
  auto provider =
      std::make_unique<ChatProvider>(EndpointName(config), PriceOf(config), stack.meter);
  TWOHOP_ASSIGN_OR_RETURN(provider->client,
                          MakeOpenAiChatClient(patient, clock_, kJitterSeed, provider->meter));
  provider->breaker = std::make_unique<CircuitBreakerChatClient>(
      *provider->client, clock_,
      BreakerOptions{.failures = config_.llm_breaker.failures,
                     .cool_down = std::chrono::seconds(config_.llm_breaker.cool_down_s)});
  stack.providers.push_back(std::move(provider));
  return Ok();
}

Status ModelAccess::Close(const TokenPrice& dearest, ChatStack& stack) {
  std::vector<NamedChatClient> chain;
  for (const auto& provider : stack.providers) {
    chain.push_back({provider->name, *provider->breaker});
  }
  stack.fallback = std::make_unique<FallbackChatClient>(std::move(chain));
  stack.outermost = stack.fallback.get();
  return LimitStack(dearest, stack);
}

// All stacks share the ledgers: a budget holds for the models together.
Status ModelAccess::LimitStack(const TokenPrice& dearest, ChatStack& stack) {
  const CallLimits day = DayLimits(config_.llm_limits);
  if (HasBudget(day)) {
    if (day_ledger_ == nullptr) {
      TWOHOP_ASSIGN_OR_RETURN(day_ledger_,
                              SpendingLedger::OpenDaily(workspace_.spending(), clock_));
    }
    stack.day_budget =
        MakeBudgetedChatClient(*stack.outermost, stack.meter, dearest, day, *day_ledger_);
    stack.outermost = stack.day_budget.get();
  }
  CallLimits run = run_limits_;
  if (!run.max_call_tokens) run.max_call_tokens = day.max_call_tokens;
  if (HasBudget(run) || run.max_call_tokens) {
    stack.run_budget =
        MakeBudgetedChatClient(*stack.outermost, stack.meter, dearest, run, run_ledger_);
    stack.outermost = stack.run_budget.get();
  }
  return Ok();
}

Result<EmbeddingClient*> ModelAccess::Embedding(std::stop_token stop) {
  if (embedding_ == nullptr) {
    TWOHOP_ASSIGN_OR_RETURN(Endpoint endpoint, Connect(config_.embedding, ServedTask::kEmbedding,
                                                       embedding_server_, stop));
    TWOHOP_ASSIGN_OR_RETURN(own_embedding_,
                            MakeOpenAiEmbeddingClient(endpoint, clock_, kJitterSeed, meter_));
    embedding_ = own_embedding_.get();
  }
  return embedding_;
}

std::vector<ProviderUsage> ModelAccess::provider_usage() const {
  std::vector<ProviderUsage> usage;
  const auto add = [&](const ChatStack& stack) {
    for (const auto& provider : stack.providers) {
      usage.push_back({.name = provider->name,
                       .total = provider->meter.Total(),
                       .breaker = provider->breaker->state(),
                       .times_opened = provider->breaker->times_opened(),
                       .calls_refused = provider->breaker->calls_refused()});
    }
  };
  if (chat_stack_ != nullptr) add(*chat_stack_);
  for (const auto& [name, stack] : agent_stacks_) {
    if (stack != nullptr) add(*stack);
  }
  return usage;
}

}  // namespace twohop::app
