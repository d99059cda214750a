#include "twohop/serving/http_request.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "twohop/base/text.h"

namespace twohop {
namespace {

std::optional<char> HexByte(std::string_view digits) {
  std::uint8_t byte = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, byte, 16);
  if (digits.size() != 2 || error != std::errc() || stopped != end) return std::nullopt;
  return static_cast<char>(byte);
}

}  // namespace

std::string_view HttpRequest::path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

std::optional<std::string_view> HttpRequest::FindHeader(std::string_view name) const {
  const std::string wanted = ToLowerAscii(name);
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const HttpHeader& header) {
    return ToLowerAscii(header.name) == wanted;
  });
  if (found == headers.end()) return std::nullopt;
  return found->value;
}

std::optional<std::string> DecodePercent(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    std::size_t taken = 1;
    if (text[0] == '%') {
      const auto byte = HexByte(text.substr(1, 2));
      if (!byte) return std::nullopt;
      decoded.push_back(*byte);
      taken = 3;
    } else {
      decoded.push_back(text[0]);
    }
    text.remove_prefix(taken);
  }
  if (!IsValidUtf8(decoded)) return std::nullopt;
  return decoded;
}

}  // namespace twohop
