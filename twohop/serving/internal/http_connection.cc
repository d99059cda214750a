#include "twohop/serving/internal/http_connection.h"

#include <string>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include "twohop/serving/internal/connection_registry.h"

namespace twohop::serving_internal {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::size_t kReadBytes = 4096;
constexpr unsigned kHttp11 = 11;  // As the library writes versions.
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::string ToString(boost::beast::string_view text) { return {text.data(), text.size()}; }

HttpRequest ToRequest(http::request<http::string_body> message) {
  HttpRequest request{.method = ToString(message.method_string()),
                      .target = ToString(message.target()),
                      .headers = {},
                      .body = std::move(message.body())};
  for (const auto& field : message) {
    request.headers.push_back(
        {.name = ToString(field.name_string()), .value = ToString(field.value())});
  }
  return request;
}

// The status for a request that could not be read; 0 if there is nobody to tell.
unsigned StatusOf(const beast::error_code& error) {
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return 413;
  const bool gone = error == http::error::end_of_stream || error == http::error::partial_message;
  const bool is_http =
      error.category() == http::make_error_code(http::error::bad_method).category();
  return is_http && !gone ? 400 : 0;
}

HttpResponse MalformedResponse(unsigned status, const HttpServerOptions& options) {
  if (status == 431) {
    return ErrorResponse(
        status,
        InvalidArgument(fmt::format("header is above {} bytes", options.max_header_bytes)).value());
  }
  if (status == 413) {
    return ErrorResponse(
        status,
        InvalidArgument(fmt::format("body is above {} bytes", options.max_body_bytes)).value());
  }
  return ErrorResponse(status, InvalidArgument("not an HTTP/1.1 request").value());
}

}  // namespace

HttpConnection::HttpConnection(asio::ip::tcp::socket socket, ServerContext& context)
    : context_(context), stream_(std::move(socket)) {
  ErrorCode ignored;
  // Else the kernel may hold an answer back for 40 ms.
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
}

HttpConnection::~HttpConnection() { context_.registry->Remove(this); }

void HttpConnection::Run() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] { self->AwaitRequest(); });
}

void HttpConnection::Drain() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    self->draining_ = true;
    if (self->idle_) self->stream_.close();
  });
}

void HttpConnection::Close() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] { self->stream_.close(); });
}

void HttpConnection::AwaitRequest() {
  if (buffer_.size() > 0) return ReadHeader();  // The client sent more than one request.
  if (draining_) return Shut();
  idle_ = true;
  stream_.expires_after(context_.options.idle_timeout);
  stream_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](ErrorCode error, std::size_t size) {
                            self->idle_ = false;
                            if (error) return self->Fail(error);
                            self->buffer_.commit(size);
                            self->ReadHeader();
                          });
}

void HttpConnection::ReadHeader() {
  parser_.emplace();
  parser_->header_limit(context_.options.max_header_bytes);
  parser_->body_limit(context_.options.max_body_bytes);
  stream_.expires_after(context_.options.header_timeout);
  http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](ErrorCode error, std::size_t) { self->OnHeader(error); });
}

void HttpConnection::OnHeader(ErrorCode error) {
  if (error) return Fail(error);
  stream_.expires_after(context_.options.body_timeout);
  if (parser_->is_done()) return Handle();
  if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) return SendContinue();
  ReadBody();
}

void HttpConnection::SendContinue() {
  asio::async_write(stream_, asio::buffer(kContinue),
                    [self = shared_from_this()](ErrorCode error, std::size_t) {
                      if (error) return self->Fail(error);
                      self->ReadBody();
                    });
}

void HttpConnection::ReadBody() {
  http::async_read(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](ErrorCode error, std::size_t) { self->OnBody(error); });
}

void HttpConnection::OnBody(ErrorCode error) {
  if (error) return Fail(error);
  Handle();
}

void HttpConnection::Handle() {
  const bool keep_alive = parser_->get().keep_alive();
  const unsigned http_version = parser_->get().version();
  const HttpRequest request = ToRequest(parser_->release());
  HttpResponse response = context_.handler(request);
  if (request.method == "HEAD") {
    // The length that GET would have, and no body.
    response.headers.push_back(
        {.name = "Content-Length", .value = std::to_string(response.body.size())});
    response.body.clear();
  }
  Write(std::move(response), http_version,
        keep_alive ? AfterAnswer::kNextRequest : AfterAnswer::kEnd);
}

void HttpConnection::Write(HttpResponse response, unsigned http_version, AfterAnswer then) {
  Message& message = message_.emplace();
  message.version(http_version);
  message.result(response.status);
  message.set(http::field::content_type, response.content_type);
  message.body() = std::move(response.body);
  message.content_length(message.body().size());
  for (const HttpHeader& header : response.headers) message.set(header.name, header.value);
  if (draining_ && then == AfterAnswer::kNextRequest) then = AfterAnswer::kEnd;
  message.keep_alive(then == AfterAnswer::kNextRequest);
  stream_.expires_after(context_.options.write_timeout);
  http::async_write(stream_, message,
                    [self = shared_from_this(), then](ErrorCode error, std::size_t) {
                      self->OnWritten(error, then);
                    });
}

void HttpConnection::OnWritten(ErrorCode error, AfterAnswer then) {
  if (error) return Fail(error);
  message_.reset();
  if (then == AfterAnswer::kNextRequest) return AwaitRequest();
  Shut();
  if (then == AfterAnswer::kEnd) return;
  stream_.expires_after(context_.options.linger_timeout);  // For all reads together.
  Linger();
}

void HttpConnection::Fail(ErrorCode error) {
  if (error == beast::error::timeout) ++context_.counters.timed_out;
  const unsigned status = StatusOf(error);
  if (status == 0) return;  // Nothing is pending now, so the connection ends.
  ++context_.counters.malformed;
  Write(MalformedResponse(status, context_.options), kHttp11, AfterAnswer::kLinger);
}

void HttpConnection::Shut() {
  ErrorCode ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void HttpConnection::Linger() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](ErrorCode error, std::size_t) {
                            if (!error) self->Linger();
                          });
}

}  // namespace twohop::serving_internal
