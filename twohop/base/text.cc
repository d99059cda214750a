#include "twohop/base/text.h"

#include <algorithm>
#include <cstdint>

#include "twohop/base/check.h"

namespace twohop {
namespace {

constexpr std::string_view kWhitespace = " \t\r\n\v\f";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsAsciiAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool IsContinuation(char c) { return (static_cast<std::uint8_t>(c) & 0xC0U) == 0x80U; }

// The length of the character at the front, or 0 if it is not valid.
std::size_t ValidCharacterLength(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  if (lead < 0x80U) return 1;
  const std::size_t length = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : lead >= 0xC2U ? 2 : 0;
  if (length == 0 || lead > 0xF4U || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  const auto second = static_cast<std::uint8_t>(text[1]);
  const bool overlong = (lead == 0xE0U && second < 0xA0U) || (lead == 0xF0U && second < 0x90U);
  const bool surrogate = lead == 0xEDU && second >= 0xA0U;
  const bool too_large = lead == 0xF4U && second >= 0x90U;
  return overlong || surrogate || too_large ? 0 : length;
}

}  // namespace

bool IsValidUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = ValidCharacterLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string Ellipsize(std::string_view text, std::size_t max_bytes) {
  TWOHOP_DCHECK(max_bytes >= kEllipsis.size());
  if (text.size() <= max_bytes) return std::string(text);
  std::size_t end = max_bytes - kEllipsis.size();
  while (end > 0 && IsContinuation(text[end])) --end;
  return std::string(text.substr(0, end)).append(kEllipsis);
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kWhitespace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhitespace) - first + 1);
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  return Split(text, std::string_view(&separator, 1));
}

std::vector<std::string_view> Split(std::string_view text, std::string_view separator) {
  TWOHOP_CHECK(!separator.empty());  // It would be found at every step, for ever.
  std::vector<std::string_view> pieces;
  while (true) {
    const std::size_t at = text.find(separator);
    pieces.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return pieces;
    text.remove_prefix(at + separator.size());
  }
}

std::string ToLowerAscii(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), LowerAscii);
  return lower;
}

std::string NormalizeName(std::string_view text) {
  std::string name;
  const auto space = [&name] {
    if (!name.empty() && name.back() != ' ') name.push_back(' ');
  };
  for (const char c : text) {
    if (IsAsciiAlphanumeric(c) || static_cast<std::uint8_t>(c) >= 0x80U) {
      name.push_back(LowerAscii(c));
      continue;
    }
    space();
    if (c == '&') name.append("and ");
  }
  return std::string(Trim(name));
}

}  // namespace twohop
