// HTTP POST over libcurl. Internal to twohop/llm.

#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/mutex.h"
#include "twohop/base/result.h"
#include "twohop/llm/endpoint.h"

namespace twohop::llm_internal {

struct HttpReply {
  int status = 0;
  std::string body;
  std::optional<Milliseconds> retry_after;
  double seconds = 0.0;  // From connecting to the last byte.
};

// Keeps up to endpoint.max_concurrency connections, each used by one call at a time; further calls
// wait for one. Never follows a redirect, so that the key goes to nobody else.
//
// Thread-safe.
class HttpClient {
 public:
  // REQUIRES: endpoint.Validate().
  explicit HttpClient(const Endpoint& endpoint);
  ~HttpClient();

  // One attempt at POST {base_url}{path} with a JSON body. Any status is a success.
  //
  // Errors: kCancelled at once when a stop is requested; kDeadlineExceeded after `timeout`;
  // kInternal if the answer exceeds max_response_bytes; kInvalidArgument if base_url is no URL;
  // kFailedPrecondition if the server's certificate is not valid; kUnavailable for any other
  // failure of transport.
  //
  // REQUIRES: timeout > 0.
  Result<HttpReply> Post(std::string_view path, const std::string& body, Milliseconds timeout,
                         std::stop_token stop);

 private:
  class Connection;

  std::unique_ptr<Connection> Borrow(std::stop_token stop);
  void Return(std::unique_ptr<Connection> connection);

  const Endpoint endpoint_;
  Mutex mutex_;
  CondVar returned_;
  std::size_t in_use_ TWOHOP_GUARDED_BY(mutex_) = 0;
  std::vector<std::unique_ptr<Connection>> idle_ TWOHOP_GUARDED_BY(mutex_);
};

}  // namespace twohop::llm_internal
