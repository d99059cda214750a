#include "twohop/llm/endpoint.h"

#include <string_view>

#include <sys/un.h>

namespace twohop {
namespace {

constexpr std::size_t kMaxSocketPath = sizeof(sockaddr_un{}.sun_path) - 1;

bool IsHttpUrl(std::string_view url) {
  return (url.starts_with("http://") && url.size() > 7) ||
         (url.starts_with("https://") && url.size() > 8);
}

// As in "http://user:password@host/": it would show in errors.
bool HoldsCredentials(std::string_view url) {
  const std::string_view rest = url.substr(url.find("://") + 3);
  return rest.substr(0, rest.find('/')).find('@') != std::string_view::npos;
}

bool HasControlCharacter(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20U || c == 0x7F) return true;
  }
  return false;
}

// The first rule that `endpoint` breaks; null if none.
const char* BrokenRule(const Endpoint& endpoint) {
  constexpr Milliseconds kNone{0};
  if (!IsHttpUrl(endpoint.base_url)) return "base_url must begin with http:// or https://";
  if (HoldsCredentials(endpoint.base_url)) return "base_url holds credentials; use api_key";
  if (HasControlCharacter(endpoint.base_url)) return "base_url contains a control character";
  if (endpoint.unix_socket.size() > kMaxSocketPath) return "unix_socket is a path above 107 bytes";
  if (HasControlCharacter(endpoint.api_key)) return "api_key contains a control character";
  if (endpoint.model.empty()) return "model must be named";
  if (endpoint.connect_timeout <= kNone) return "connect_timeout must be above 0";
  if (endpoint.request_timeout <= kNone) return "request_timeout must be above 0";
  if (endpoint.call_timeout <= kNone) return "call_timeout must be above 0";
  if (endpoint.max_concurrency == 0) return "max_concurrency must be above 0";
  if (endpoint.max_attempts == 0) return "max_attempts must be above 0";
  if (endpoint.backoff_initial <= kNone) return "backoff_initial must be above 0";
  if (endpoint.backoff_max < endpoint.backoff_initial) return "backoff_max < backoff_initial";
  if (endpoint.max_retry_after < kNone) return "max_retry_after must not be below 0";
  if (endpoint.max_response_bytes == 0) return "max_response_bytes must be above 0";
  if (endpoint.batch_texts == 0) return "batch_texts must be above 0";
  if (endpoint.max_text_bytes > 0 && endpoint.max_text_bytes < 3) return "max_text_bytes below 3";
  return nullptr;
}

}  // namespace

Status Endpoint::Validate() const {
  if (const char* rule = BrokenRule(*this)) {
    return InvalidArgument(std::string("endpoint: ") + rule);
  }
  return Ok();
}

}  // namespace twohop
