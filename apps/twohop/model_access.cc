#include "apps/twohop/model_access.h"

#include <cstdlib>

#include "apps/common/assets.h"
#include <fmt/format.h>

#include "twohop/llm/openai_client.h"

namespace twohop::app {
namespace {

constexpr std::uint64_t kJitterSeed = 1;

TokenPrice PriceOf(const EndpointConfig& config) {
  return {.prompt_usd_per_million = config.usd_per_million_prompt_tokens,
          .completion_usd_per_million = config.usd_per_million_completion_tokens};
}

Result<std::string> ReadApiKey(const EndpointConfig& config) {
  if (config.api_key_env.empty()) return std::string();
  const char* key = std::getenv(config.api_key_env.c_str());  // NOLINT(concurrency-mt-unsafe)
  if (key == nullptr || *key == '\0') {
    return FailedPrecondition(fmt::format(
        "environment variable {} should hold the API key and is not set", config.api_key_env));
  }
  return std::string(key);
}

}  // namespace

ModelAccess::ModelAccess(const Config& config, const Workspace& workspace, const Clock& clock,
                         std::uint32_t chat_context_tokens)
    : config_(config),
      logs_(workspace.logs()),
      clock_(clock),
      chat_context_tokens_(chat_context_tokens),
      meter_(PriceOf(config.llm)) {}

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
    options.log_file = logs_ / (config.model + ".log");
    options.slots = config.parallel;
    if (task == ServedTask::kChat) options.context_per_slot = chat_context_tokens_;
    if (!config.adapter.empty()) options.adapter = AdapterFile(config.adapter);
    options.threads = config.threads;
    TWOHOP_ASSIGN_OR_RETURN(server, ManagedServer::Start(options, clock_, stop));
    endpoint = server->endpoint();
  } else {
    endpoint.base_url = config.url;
    endpoint.model = config.model;
    endpoint.max_concurrency = config.parallel;
    TWOHOP_ASSIGN_OR_RETURN(endpoint.api_key, ReadApiKey(config));
  }
  endpoint.request_timeout = std::chrono::seconds(config.request_timeout_s);
  return endpoint;
}

Result<ChatClient*> ModelAccess::Chat(std::stop_token stop) {
  if (chat_ == nullptr) {
    TWOHOP_ASSIGN_OR_RETURN(Endpoint endpoint,
                            Connect(config_.llm, ServedTask::kChat, chat_server_, stop));
    TWOHOP_ASSIGN_OR_RETURN(chat_, MakeOpenAiChatClient(endpoint, clock_, kJitterSeed, meter_));
  }
  return chat_.get();
}

Result<EmbeddingClient*> ModelAccess::Embedding(std::stop_token stop) {
  if (embedding_ == nullptr) {
    TWOHOP_ASSIGN_OR_RETURN(Endpoint endpoint, Connect(config_.embedding, ServedTask::kEmbedding,
                                                       embedding_server_, stop));
    TWOHOP_ASSIGN_OR_RETURN(embedding_,
                            MakeOpenAiEmbeddingClient(endpoint, clock_, kJitterSeed, meter_));
  }
  return embedding_.get();
}

}  // namespace twohop::app
