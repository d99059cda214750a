// An HTTP server that answers what a test tells it to.

#pragma once

#include <cstddef>
#include <deque>
#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "twohop/base/mutex.h"

namespace twohop {

struct FakeHttpRequest {
  std::string path;
  std::map<std::string, std::string> headers;  // Names in lower case.
  std::string body;
};

struct FakeHttpReply {
  int status = 200;
  std::string body;
  std::vector<std::string> headers = {};  // Beside Content-Length: "Retry-After: 7".
  bool hang_up = false;                   // Close the connection without an answer.
  bool never = false;  // Answer nothing until the client goes away or the server ends.
};

// Answers with the scripted replies in their order, then with `AnswerWith`'s function, then with
// 500. Keeps connections alive and serves each in a thread of its own, until it is destroyed.
//
// Thread-safe.
class FakeHttpServer {
 public:
  using Answer = std::function<FakeHttpReply(const FakeHttpRequest&)>;

  FakeHttpServer();  // A free port on 127.0.0.1.
  explicit FakeHttpServer(
      const std::filesystem::path& unix_socket);  // Created; removed at the end.
  ~FakeHttpServer();
  FakeHttpServer(const FakeHttpServer&) = delete;
  FakeHttpServer& operator=(const FakeHttpServer&) = delete;

  std::string base_url() const;  // "http://127.0.0.1:<port>/v1"

  void Reply(FakeHttpReply reply);
  void AnswerWith(Answer answer);  // Called without a lock, from the connections' threads.

  std::vector<FakeHttpRequest> requests() const;
  std::size_t connections() const;  // Accepted so far.

  // Blocks until this many requests have come.
  void WaitForRequests(std::size_t count);

 private:
  void Listen(int fd);
  void Accept();
  void Serve(int fd);
  FakeHttpReply Next(const FakeHttpRequest& request);

  int listener_ = -1;
  int port_ = 0;
  std::filesystem::path unix_socket_;
  mutable Mutex mutex_;
  CondVar requested_;
  std::deque<FakeHttpReply> script_ TWOHOP_GUARDED_BY(mutex_);
  Answer answer_ TWOHOP_GUARDED_BY(mutex_);
  std::vector<FakeHttpRequest> requests_ TWOHOP_GUARDED_BY(mutex_);
  std::vector<int> open_ TWOHOP_GUARDED_BY(mutex_);
  bool ending_ TWOHOP_GUARDED_BY(mutex_) = false;
  std::list<std::jthread> threads_ TWOHOP_GUARDED_BY(mutex_);
  std::jthread acceptor_;
};

}  // namespace twohop
