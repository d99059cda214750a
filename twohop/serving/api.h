// The HTTP API over recall, user states and events.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "twohop/base/clock.h"
#include "twohop/base/snapshot.h"
#include "twohop/domain/event.h"
#include "twohop/eventlog/event_log.h"
#include "twohop/recall/recaller.h"
#include "twohop/serving/config_reloads.h"
#include "twohop/serving/http_request.h"
#include "twohop/serving/http_response.h"
#include "twohop/serving/http_server.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop {

// What the API works on. All of it must outlive the API.
struct ApiParts {
  const Snapshot<Recaller>& recaller;  // Holds nothing until a bundle is loaded; may be swapped.
  UserStateStore& states;              // Written by DELETE alone.
  EventLog& events;
  const Clock& clock;

  // Called with the events of a request once the log has them, before the request is answered, on
  // the server's thread. May be called by several threads at once. An event that the log knew
  // already is among them again.
  std::function<void(std::span<const Event>)> on_events;

  // For /metrics; may be empty.
  std::function<HttpServerStats()> server_stats{};
  std::function<ConfigReloads()> config_reloads{};
};

struct ApiOptions {
  std::string program_version = "unknown";  // For /v1/version.
  std::size_t max_events = 1000;            // In one request.
  std::uint64_t request_id_seed = 0;        // Another one for each start; see Router.
};

// Answers these requests; docs/api.md has their fields:
//
//   POST /v1/recall       items for a user, each with channel, interest and reason
//   POST /v1/features     how given items meet a user's latent interests, for a ranker
//   GET  /v1/users/{id}   what is known about a user: searches, clicks, interests with their paths
//   GET  /v1/users/{id}/debate   what agents said to each other before they agreed on interests
//   GET  /v1/explain      whether and how a user's searches lead to a category
//   POST /v1/events       appends events to the log; every row has its own result
//   POST /v1/interests/{category_id}/feedback
//                         what a user says of a latent interest
//   GET  /v1/version      of program and bundle
//   GET  /health          the process runs
//   GET  /ready           a bundle is loaded
//   GET  /metrics         in the text format of Prometheus
//
// Every failure is {"error": {"code", "message"}} with the status of HttpStatusOf(). A body that is
// not JSON, has an unknown field or a value out of range is kInvalidArgument and names it.
//
// Thread-safe.
class Api {
 public:
  Api(const ApiParts& parts, const ApiOptions& options);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  HttpResponse Handle(const HttpRequest& request) const;

 private:
  class Impl;

  std::unique_ptr<Impl> impl_;
};

}  // namespace twohop
