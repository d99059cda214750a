// A request as handlers see it.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twohop {

struct HttpHeader {
  std::string name;  // As sent; compare without case.
  std::string value;

  friend bool operator==(const HttpHeader&, const HttpHeader&) = default;
};

struct HttpRequest {
  std::string method;  // Upper case: "GET".
  std::string target;  // As sent: "/v1/users/u%201?full=1".
  std::vector<HttpHeader> headers;
  std::string body;

  // The target up to its '?', not decoded.
  std::string_view path() const;

  // The value of the first header of this name, in any case; nothing if there is none.
  std::optional<std::string_view> FindHeader(std::string_view name) const;
};

// Replaces every "%XX" by its byte. Nothing if a '%' lacks its two hexadecimal digits or the result
// is not UTF-8.
std::optional<std::string> DecodePercent(std::string_view text);

}  // namespace twohop
