// A client that sends just the bytes it is told to.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "twohop/base/json.h"

namespace twohop {

struct RawResponse {
  unsigned status = 0;
  std::string head;  // Status line and headers.
  std::string body;

  // The value of a header as "Name" is written; empty if there is none.
  std::string Header(std::string_view name) const;
  Json json() const;  // Discarded if the body is none.
};

// One TCP connection to a port of this machine. Waits at most ten seconds for anything.
//
// Not thread-safe.
class RawHttpClient {
 public:
  explicit RawHttpClient(std::uint16_t port);
  ~RawHttpClient();
  RawHttpClient(const RawHttpClient&) = delete;
  RawHttpClient& operator=(const RawHttpClient&) = delete;

  bool connected() const { return fd_ >= 0; }

  // Returns whether all bytes were taken.
  bool Send(std::string_view bytes);
  // Says that no more bytes will come.
  void EndSending();
  void Disconnect();

  // The next whole answer; nothing if the server ends the connection before.
  std::optional<RawResponse> Receive();
  // The same of an answer that has no body, as to HEAD.
  std::optional<RawResponse> ReceiveHead();
  // Exactly that many bytes, or fewer if the server ends the connection.
  std::string ReceiveBytes(std::size_t size);
  // Whether the server ends the connection without sending anything more.
  bool IsEnded();

  std::optional<RawResponse> Get(std::string_view path);
  std::optional<RawResponse> Post(std::string_view path, std::string_view body);

 private:
  bool Fill();

  int fd_ = -1;
  std::string buffer_;
};

}  // namespace twohop
