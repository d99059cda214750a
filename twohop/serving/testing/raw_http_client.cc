#include "twohop/serving/testing/raw_http_client.h"

#include <array>
#include <cerrno>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace twohop {
namespace {

constexpr timeval kPatience{.tv_sec = 10, .tv_usec = 0};

int Connect(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience));
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return fd;
  ::close(fd);
  return -1;
}

std::size_t Number(std::string_view digits) {
  std::size_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace

std::string RawResponse::Header(std::string_view name) const {
  const std::string start = fmt::format("\r\n{}: ", name);
  const std::size_t at = head.find(start);
  if (at == std::string::npos) return {};
  const std::size_t from = at + start.size();
  return head.substr(from, head.find("\r\n", from) - from);
}

Json RawResponse::json() const { return Json::parse(body, nullptr, /*allow_exceptions=*/false); }

RawHttpClient::RawHttpClient(std::uint16_t port) : fd_(Connect(port)) {}

RawHttpClient::~RawHttpClient() { Disconnect(); }

void RawHttpClient::Disconnect() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void RawHttpClient::EndSending() { ::shutdown(fd_, SHUT_WR); }

bool RawHttpClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawHttpClient::Fill() {
  std::array<char, 16384> bytes{};
  const ssize_t got = ::recv(fd_, bytes.data(), bytes.size(), 0);
  if (got <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

std::string RawHttpClient::ReceiveBytes(std::size_t size) {
  while (buffer_.size() < size && Fill()) {
  }
  std::string bytes = buffer_.substr(0, size);
  buffer_.erase(0, bytes.size());
  return bytes;
}

std::optional<RawResponse> RawHttpClient::ReceiveHead() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return std::nullopt;
  }
  RawResponse response;
  response.head = ReceiveBytes(end + 4);
  response.status = static_cast<unsigned>(Number(std::string_view(response.head).substr(9, 3)));
  return response;
}

std::optional<RawResponse> RawHttpClient::Receive() {
  auto response = ReceiveHead();
  if (!response) return std::nullopt;
  const std::size_t size = Number(response->Header("Content-Length"));
  response->body = ReceiveBytes(size);
  if (response->body.size() < size) return std::nullopt;
  return response;
}

bool RawHttpClient::IsEnded() {
  errno = 0;
  return buffer_.empty() && !Fill() && errno != EAGAIN;
}

std::optional<RawResponse> RawHttpClient::Get(std::string_view path) {
  Send(fmt::format("GET {} HTTP/1.1\r\nHost: test\r\n\r\n", path));
  return Receive();
}

std::optional<RawResponse> RawHttpClient::Post(std::string_view path, std::string_view body) {
  Send(
      fmt::format("POST {} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
                  "Content-Length: {}\r\n\r\n{}",
                  path, body.size(), body));
  return Receive();
}

}  // namespace twohop
