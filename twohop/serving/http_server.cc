#include "twohop/serving/http_server.h"

#include <algorithm>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <fmt/format.h>

#include "twohop/serving/internal/connection_registry.h"
#include "twohop/serving/internal/http_connection.h"

namespace twohop {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using serving_internal::ConnectionRegistry;
using serving_internal::HttpConnection;
using serving_internal::ServerContext;

// After a failed accept: it fails again at once while, for instance, no descriptor is free.
constexpr Milliseconds kAcceptPause{100};

// A whole answer to whatever the client is about to ask.
std::string OverloadedMessage() {
  const HttpResponse response = ErrorResponse(Unavailable("too many connections are open").value());
  return fmt::format(
      "HTTP/1.1 {} Service Unavailable\r\nContent-Type: {}\r\nRetry-After: 1\r\n"
      "Connection: close\r\nContent-Length: {}\r\n\r\n{}",
      response.status, response.content_type, response.body.size(), response.body);
}

std::size_t ThreadCount(const HttpServerOptions& options) {
  if (options.threads > 0) return options.threads;
  return std::max(1U, std::thread::hardware_concurrency());
}

tl::unexpected<Error> CannotListen(const HttpServerOptions& options,
                                   const boost::system::error_code& error) {
  const std::string where = fmt::format("cannot listen on {}:{}", options.host, options.port);
  if (error == asio::error::address_in_use) {
    return FailedPrecondition(fmt::format("{}: another program uses this port", where));
  }
  if (error == asio::error::access_denied) {
    return FailedPrecondition(fmt::format("{}: not allowed for this user", where));
  }
  return Unavailable(fmt::format("{}: {}", where, error.message()));
}

}  // namespace

Status HttpServerOptions::Validate() const {
  if (max_connections == 0) return InvalidArgument("max_connections must be at least 1");
  if (max_header_bytes == 0) return InvalidArgument("max_header_bytes must be at least 1");
  for (const auto& [name, value] :
       {std::pair("idle_timeout", idle_timeout), std::pair("header_timeout", header_timeout),
        std::pair("body_timeout", body_timeout), std::pair("write_timeout", write_timeout),
        std::pair("linger_timeout", linger_timeout)}) {
    if (value <= Milliseconds(0)) return InvalidArgument(fmt::format("{} must be above 0", name));
  }
  if (drain_timeout < Milliseconds(0)) return InvalidArgument("drain_timeout must not be negative");
  return Ok();
}

class HttpServer::Impl {
 public:
  Impl(const HttpServerOptions& options, HttpHandler handler)
      : strand_(asio::make_strand(io_)),
        acceptor_(strand_),
        pause_(strand_),
        drain_deadline_(strand_),
        registry_([this] { OnLastConnectionGone(); }) {
    context_.options = options;
    context_.handler = std::move(handler);
    context_.registry = &registry_;
  }

  Status Listen() {
    boost::system::error_code error;
    const HttpServerOptions& options = context_.options;
    const auto found = tcp::resolver(io_).resolve(options.host, std::to_string(options.port),
                                                  tcp::resolver::passive, error);
    if (error || found.empty()) {
      return InvalidArgument(fmt::format("cannot listen on {}: {}", options.host, error.message()));
    }
    const tcp::endpoint endpoint = found.begin()->endpoint();
    acceptor_.open(endpoint.protocol(), error);
    // A restarted server may take the port though old connections linger in the kernel.
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (error) return CannotListen(options, error);
    return Ok();
  }

  void Run() {
    asio::post(strand_, [this] { Accept(); });
    for (std::size_t i = 0; i < ThreadCount(context_.options); ++i) {
      threads_.emplace_back([this] { io_.run(); });
    }
  }

  void Stop() {
    std::call_once(stopped_, [this] {
      asio::post(strand_, [this] { Drain(); });
      work_.reset();  // Threads end when the last connection is gone.
      threads_.clear();
    });
  }

  std::uint16_t port() const { return port_; }

  HttpServerStats stats() const {
    return {.accepted = context_.counters.accepted,
            .open = registry_.size(),
            .refused = context_.counters.refused,
            .malformed = context_.counters.malformed,
            .timed_out = context_.counters.timed_out};
  }

 private:
  void Accept() {
    acceptor_.async_accept(asio::make_strand(io_),
                           [this](const boost::system::error_code& error, tcp::socket socket) {
                             if (draining_) return;
                             if (error) return AcceptLater();
                             Take(std::move(socket));
                             Accept();
                           });
  }

  void AcceptLater() {
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](const boost::system::error_code& error) {
      if (!error && !draining_) Accept();
    });
  }

  void Take(tcp::socket socket) {
    if (registry_.size() >= context_.options.max_connections) return Refuse(std::move(socket));
    ++context_.counters.accepted;
    const auto connection = std::make_shared<HttpConnection>(std::move(socket), context_);
    registry_.Add(connection);
    connection->Run();
  }

  // Without waiting: the answer fits into the kernel's buffer.
  void Refuse(tcp::socket socket) {
    ++context_.counters.refused;
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(overloaded_), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
  }

  void Drain() {
    draining_ = true;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    if (registry_.size() == 0) return;
    drain_deadline_.expires_after(context_.options.drain_timeout);
    drain_deadline_.async_wait([this](const boost::system::error_code& error) {
      if (!error) registry_.CloseAll();
    });
    registry_.DrainAll();
  }

  void OnLastConnectionGone() {
    asio::post(strand_, [this] {
      if (draining_) drain_deadline_.cancel();
    });
  }

  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  asio::strand<asio::io_context::executor_type> strand_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  asio::steady_timer drain_deadline_;
  bool draining_ = false;  // Touched on the strand alone.
  ServerContext context_;
  ConnectionRegistry registry_;
  const std::string overloaded_ = OverloadedMessage();
  std::uint16_t port_ = 0;
  std::once_flag stopped_;
  std::vector<std::jthread> threads_;
};

Result<std::unique_ptr<HttpServer>> HttpServer::Start(const HttpServerOptions& options,
                                                      HttpHandler handler) {
  TWOHOP_RETURN_IF_ERROR(options.Validate());
  auto impl = std::make_unique<Impl>(options, std::move(handler));
  TWOHOP_RETURN_IF_ERROR(impl->Listen());
  impl->Run();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() { Stop(); }

std::uint16_t HttpServer::port() const { return impl_->port(); }
HttpServerStats HttpServer::stats() const { return impl_->stats(); }
void HttpServer::Stop() { impl_->Stop(); }

}  // namespace twohop
