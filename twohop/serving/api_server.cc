#include "twohop/serving/api_server.h"

#include <utility>

namespace twohop {

Result<std::unique_ptr<ApiServer>> ApiServer::Start(const ApiParts& parts,
                                                    const ApiOptions& api_options,
                                                    const HttpServerOptions& server_options) {
  std::unique_ptr<ApiServer> self(new ApiServer());
  ApiParts watched = parts;
  watched.server_stats = [&running = self->running_] {
    const HttpServer* server = running;
    return server == nullptr ? HttpServerStats{} : server->stats();
  };
  self->api_ = std::make_unique<const Api>(watched, api_options);
  TWOHOP_ASSIGN_OR_RETURN(
      self->server_, HttpServer::Start(server_options, [&api = *self->api_](const auto& request) {
        return api.Handle(request);
      }));
  self->running_ = self->server_.get();
  return self;
}

ApiServer::~ApiServer() {
  if (server_ != nullptr) server_->Stop();
}

void ApiServer::Stop() { server_->Stop(); }

}  // namespace twohop
