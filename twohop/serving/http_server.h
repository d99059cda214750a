// HTTP/1.1 on a TCP port.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/serving/http_request.h"
#include "twohop/serving/http_response.h"

namespace twohop {

struct HttpServerOptions {
  std::string host = "127.0.0.1";  // The address to listen on, or a name for it. Loopback unless
                                   // the caller wants other machines to reach it.
  std::uint16_t port = 0;          // 0: any free one; see HttpServer::port().
  std::size_t threads = 0;         // That run handlers; 0: one per core.

  std::size_t max_connections = 1024;          // Further ones are answered with 503.
  std::uint32_t max_header_bytes = 16 * 1024;  // Above: 431.
  std::uint64_t max_body_bytes = 1024 * 1024;  // Above: 413.

  // Each ends the connection without an answer: nobody waits for one.
  Milliseconds idle_timeout{60'000};    // Until the first byte of a request.
  Milliseconds header_timeout{10'000};  // From there to the end of its header.
  Milliseconds body_timeout{30'000};    // From there to the end of its body.
  Milliseconds write_timeout{30'000};   // Until the client has taken the answer.

  // For a client that still sends when it is told that its request was refused. Closing at once
  // would reset the connection and could take the answer away from it.
  Milliseconds linger_timeout{1'000};

  Milliseconds drain_timeout{5'000};  // For requests under way when the server stops.

  // Errors: kInvalidArgument, naming the field.
  Status Validate() const;
};

// Called on the server's threads, several at once, and blocks the one it is on. Does not throw.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

// Since the start, but for `open`.
struct HttpServerStats {
  std::uint64_t accepted = 0;   // Connections taken.
  std::uint64_t open = 0;       // Of them now.
  std::uint64_t refused = 0;    // Connections answered with 503 because of max_connections.
  std::uint64_t malformed = 0;  // Requests answered with 400, 413 or 431 before any handler.
  std::uint64_t timed_out = 0;  // Connections ended by one of the timeouts.
};

// Serves HTTP/1.0 and 1.1 with keep-alive and pipelining; requests of one connection are answered
// in order. What is not HTTP is answered with 400 and a JSON error.
//
// Thread-safe.
class HttpServer {
 public:
  // Listens and answers when this returns.
  //
  // Errors: kInvalidArgument if an option is out of range or the host has no address;
  // kFailedPrecondition if the port is in use or may not be used, naming host and port;
  // kUnavailable for any other failure of the network.
  static Result<std::unique_ptr<HttpServer>> Start(const HttpServerOptions& options,
                                                   HttpHandler handler);

  // Stop().
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;  // That it is bound to.
  HttpServerStats stats() const;

  // Takes no further connection, ends those that are idle, lets requests under way finish within
  // the drain timeout and then ends their connections; a handler that runs is waited for. Blocks
  // until no thread of the server runs. Calling it again is fine. Never from a handler: it would
  // wait for itself.
  void Stop();

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace twohop
