// What chat and embeddings share: attempts, pauses, and the server's errors. Internal to
// twohop/llm.

#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "twohop/base/clock.h"
#include "twohop/base/json.h"
#include "twohop/base/mutex.h"
#include "twohop/base/result.h"
#include "twohop/base/rng.h"
#include "twohop/llm/endpoint.h"
#include "twohop/llm/http_client.h"
#include "twohop/llm/token_meter.h"

namespace twohop::llm_internal {

struct ApiReply {
  Json body;  // An object.
  double seconds = 0.0;
};

// Thread-safe. `clock` and `meter` must outlive it.
class OpenAiTransport {
 public:
  // REQUIRES: endpoint.Validate().
  OpenAiTransport(const Endpoint& endpoint, const Clock& clock, std::uint64_t jitter_seed,
                  TokenMeter& meter);

  // POSTs `body`, as often as the endpoint allows.
  //
  // Errors: those of ChatClient::Complete. What a server says in them is shown without the words of
  // `body` that are of users.
  Result<ApiReply> Post(std::string_view path, const Json& body, std::stop_token stop);

  // Books what `reply` cost. `text_bytes` (prompt, completion) stand in for what a server does not
  // report.
  TokenUsage Record(std::string_view stage, const ApiReply& reply, std::size_t prompt_bytes,
                    std::size_t completion_bytes);

  const Endpoint& endpoint() const { return endpoint_; }

 private:
  Result<HttpReply> PostOften(std::string_view path, const Json& body, std::stop_token stop);
  Milliseconds TimeLeft(const Stopwatch& watch) const;
  Milliseconds DrawPause(std::size_t attempt);
  Error ToError(const HttpReply& reply, const Json& request) const;

  const Endpoint endpoint_;
  const Clock& clock_;
  TokenMeter& meter_;
  HttpClient http_;
  Mutex mutex_;
  Rng rng_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop::llm_internal
