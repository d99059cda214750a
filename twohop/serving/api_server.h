// The API on a port.

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "twohop/base/result.h"
#include "twohop/serving/api.h"
#include "twohop/serving/http_server.h"

namespace twohop {

// An Api and the HttpServer in front of it; /metrics shows both.
//
// Thread-safe.
class ApiServer {
 public:
  // Answers requests when this returns. `parts.server_stats` is ignored.
  //
  // Errors: those of HttpServer::Start.
  static Result<std::unique_ptr<ApiServer>> Start(const ApiParts& parts,
                                                  const ApiOptions& api_options,
                                                  const HttpServerOptions& server_options);

  // Stop().
  ~ApiServer();
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  std::uint16_t port() const { return server_->port(); }
  HttpServerStats stats() const { return server_->stats(); }
  void Stop();  // See HttpServer::Stop.

 private:
  ApiServer() = default;

  // Null until the server runs: a request may come in before.
  std::atomic<const HttpServer*> running_ = nullptr;
  std::unique_ptr<const Api> api_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace twohop
