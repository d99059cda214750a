#include "twohop/llm/testing/fake_http_server.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "twohop/base/check.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

// Appends what has arrived; false at the end of the connection.
bool ReadMore(int fd, std::string& buffer) {
  char bytes[4096];
  const ssize_t size = recv(fd, bytes, sizeof bytes, 0);
  if (size <= 0) return false;
  buffer.append(bytes, static_cast<std::size_t>(size));
  return true;
}

void SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

FakeHttpRequest ParseHead(std::string_view head) {
  FakeHttpRequest request;
  const auto lines = Split(head, "\r\n");
  request.path = Split(lines.at(0), ' ').at(1);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t colon = lines[i].find(':');
    request.headers[ToLowerAscii(lines[i].substr(0, colon))] = Trim(lines[i].substr(colon + 1));
  }
  return request;
}

// The next request of the connection; nothing at its end. `buffer` keeps what came after it.
std::optional<FakeHttpRequest> ReadRequest(int fd, std::string& buffer) {
  std::size_t head_end = 0;
  while ((head_end = buffer.find("\r\n\r\n")) == std::string::npos) {
    if (!ReadMore(fd, buffer)) return std::nullopt;
  }
  FakeHttpRequest request = ParseHead(std::string_view(buffer).substr(0, head_end));
  buffer.erase(0, head_end + 4);
  const std::size_t length = std::stoul("0" + request.headers["content-length"]);
  while (buffer.size() < length) {
    if (!ReadMore(fd, buffer)) return std::nullopt;
  }
  request.body = buffer.substr(0, length);
  buffer.erase(0, length);
  return request;
}

std::string Serialize(const FakeHttpReply& reply) {
  std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " Scripted\r\n";
  for (const std::string& header : reply.headers) text += header + "\r\n";
  text += "Content-Type: application/json\r\n";
  return text + "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n" + reply.body;
}

template <typename Address>
void Bind(int fd, const Address& address) {
  // The socket API takes addresses of every family through one pointer type.
  TWOHOP_CHECK(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

}  // namespace

FakeHttpServer::FakeHttpServer() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  Bind(fd, address);
  socklen_t size = sizeof address;
  TWOHOP_CHECK(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  Listen(fd);
}

FakeHttpServer::FakeHttpServer(const std::filesystem::path& unix_socket)
    : unix_socket_(unix_socket) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = unix_socket.string();
  TWOHOP_CHECK(path.size() < sizeof address.sun_path);
  std::copy(path.begin(), path.end(), address.sun_path);
  Bind(fd, address);
  Listen(fd);
}

void FakeHttpServer::Listen(int fd) {
  TWOHOP_CHECK(listen(fd, SOMAXCONN) == 0);
  listener_ = fd;
  acceptor_ = std::jthread([this] { Accept(); });
}

FakeHttpServer::~FakeHttpServer() {
  {
    MutexLock lock(mutex_);
    ending_ = true;
    for (const int fd : open_) shutdown(fd, SHUT_RDWR);
  }
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  std::list<std::jthread> threads;
  {
    MutexLock lock(mutex_);
    threads.swap(threads_);
  }
  threads.clear();  // Joins.
  close(listener_);
  if (!unix_socket_.empty()) std::filesystem::remove(unix_socket_);
}

std::string FakeHttpServer::base_url() const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/v1";
}

void FakeHttpServer::Reply(FakeHttpReply reply) {
  MutexLock lock(mutex_);
  script_.push_back(std::move(reply));
}

void FakeHttpServer::AnswerWith(Answer answer) {
  MutexLock lock(mutex_);
  answer_ = std::move(answer);
}

std::vector<FakeHttpRequest> FakeHttpServer::requests() const {
  MutexLock lock(mutex_);
  return requests_;
}

std::size_t FakeHttpServer::connections() const {
  MutexLock lock(mutex_);
  return threads_.size();
}

void FakeHttpServer::WaitForRequests(std::size_t count) {
  MutexLock lock(mutex_);
  requested_.Wait(mutex_, {}, [&] { return requests_.size() >= count; });
}

void FakeHttpServer::Accept() {
  for (;;) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    MutexLock lock(mutex_);
    if (ending_) {
      close(fd);
      return;
    }
    open_.push_back(fd);
    threads_.emplace_back([this, fd] { Serve(fd); });
  }
}

void FakeHttpServer::Serve(int fd) {
  std::string buffer;
  while (const auto request = ReadRequest(fd, buffer)) {
    const FakeHttpReply reply = Next(*request);
    if (reply.hang_up) break;
    if (reply.never) {
      while (ReadMore(fd, buffer)) buffer.clear();
      break;
    }
    SendAll(fd, Serialize(reply));
  }
  MutexLock lock(mutex_);
  std::erase(open_, fd);
  close(fd);
}

FakeHttpReply FakeHttpServer::Next(const FakeHttpRequest& request) {
  Answer answer;
  {
    MutexLock lock(mutex_);
    requests_.push_back(request);
    requested_.NotifyAll();
    if (!script_.empty()) {
      FakeHttpReply reply = std::move(script_.front());
      script_.pop_front();
      return reply;
    }
    answer = answer_;
  }
  if (answer) return answer(request);
  return {.status = 500, .body = R"({"error":{"message":"nothing is scripted"}})"};
}

}  // namespace twohop
