// The models that the configuration names, started when they are first needed.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "apps/common/config.h"
#include "apps/common/workspace.h"

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/llm/chat_client.h"
#include "twohop/llm/embedding_client.h"
#include "twohop/llm/endpoint.h"
#include "twohop/llm/managed_server.h"
#include "twohop/llm/token_meter.h"

namespace twohop::app {

// Owns clients and, in managed mode, the local servers behind them. A command that turns out to
// need no model starts none.
//
// Not thread-safe; the clients are. `clock` must outlive it.
class ModelAccess {
 public:
  // `chat_context_tokens` is what a managed chat server must have room for in each request, prompt
  // and reply together; 0: as much as ManagedServerOptions gives.
  ModelAccess(const Config& config, const Workspace& workspace, const Clock& clock,
              std::uint32_t chat_context_tokens = 0);

  // The client; owned by this object. The first call starts the server, which takes seconds.
  //
  // Errors: kFailedPrecondition if models or Python environment are not there (run scripts/setup)
  // or the variable with the key is not set; those of ManagedServer::Start.
  Result<ChatClient*> Chat(std::stop_token stop);
  Result<EmbeddingClient*> Embedding(std::stop_token stop);

  const std::string& chat_model() const { return config_.llm.model; }
  // The LoRA adapter's name; empty if there is none.
  std::string chat_adapter() const {
    return config_.llm.managed() ? config_.llm.adapter : std::string();
  }
  const std::string& embedding_model() const { return config_.embedding.model; }

  TokenMeter& meter() { return meter_; }

 private:
  // Where the model is served, after starting the server if it is ours.
  Result<Endpoint> Connect(const EndpointConfig& config, ServedTask task,
                           std::unique_ptr<ManagedServer>& server, std::stop_token stop);

  const Config config_;
  const std::filesystem::path logs_;
  const Clock& clock_;
  const std::uint32_t chat_context_tokens_;
  TokenMeter meter_;
  // Servers before clients, so that they end after them.
  std::unique_ptr<ManagedServer> chat_server_;
  std::unique_ptr<ManagedServer> embedding_server_;
  std::unique_ptr<ChatClient> chat_;
  std::unique_ptr<EmbeddingClient> embedding_;
};

}  // namespace twohop::app
