// One client's connection.

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "twohop/serving/http_server.h"

namespace twohop::serving_internal {

struct ServerCounters {
  std::atomic<std::uint64_t> accepted = 0;
  std::atomic<std::uint64_t> refused = 0;
  std::atomic<std::uint64_t> malformed = 0;
  std::atomic<std::uint64_t> timed_out = 0;
};

class ConnectionRegistry;

// What all connections of a server share; outlives them.
struct ServerContext {
  HttpServerOptions options;
  HttpHandler handler;
  ServerCounters counters;
  ConnectionRegistry* registry = nullptr;
};

// Reads a request, answers it, and starts again. Keeps itself alive while something is pending, and
// leaves the registry when it is destroyed.
//
// Runs on the strand of its socket; Drain() and Close() may be called from any thread.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(boost::asio::ip::tcp::socket socket, ServerContext& context);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  void Run();

  // Ends it once the request under way, if any, is answered.
  void Drain();

  // Ends it at once.
  void Close();

 private:
  using ErrorCode = boost::beast::error_code;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Message = boost::beast::http::response<boost::beast::http::string_body>;

  enum class AfterAnswer : std::uint8_t {
    kNextRequest,
    kEnd,
    kLinger,  // End once the client has stopped sending.
  };

  // Each starts one asynchronous step and names the next one.
  void AwaitRequest();
  void ReadHeader();
  void OnHeader(ErrorCode error);
  void SendContinue();
  void ReadBody();
  void OnBody(ErrorCode error);
  void Write(HttpResponse response, unsigned http_version, AfterAnswer then);
  void OnWritten(ErrorCode error, AfterAnswer then);
  void Linger();

  void Handle();
  // Answers what could not be read, if there is anyone to answer, and ends the connection.
  void Fail(ErrorCode error);
  // Tells the client that no more will come.
  void Shut();

  ServerContext& context_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;    // Of the request under way.
  std::optional<Message> message_;  // The answer that is being written.
  bool idle_ = false;               // Waits for the first byte of a request.
  bool draining_ = false;
};

}  // namespace twohop::serving_internal
