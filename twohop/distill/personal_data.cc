#include "twohop/distill/personal_data.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "twohop/base/text.h"

namespace twohop {
namespace {

constexpr std::array<std::string_view, kPersonalDataCount> kNames{"email", "url", "handle",
                                                                  "id_number", "phone"};
// Without a path, only these are taken for a site: ".js" and ".ai" are words of product names too.
constexpr std::array<std::string_view, 5> kSiteEndings{"com", "net", "org", "cn", "io"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }
bool IsWordChar(char c) { return IsDigit(c) || IsLetter(c); }
// What the local part of an address or a handle may hold besides.
bool IsNameChar(char c) { return IsWordChar(c) || c == '.' || c == '_' || c == '-' || c == '+'; }

// Lower case, with the fullwidth forms U+FF01 to U+FF5E as the ASCII characters that they stand
// for.
std::string Folded(std::string_view text) {
  std::string folded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_wide =
        text.substr(i).starts_with("\xEF\xBC") || text.substr(i).starts_with("\xEF\xBD");
    if (!is_wide || i + 2 >= text.size()) {
      folded.push_back(text[i]);
      continue;
    }
    const auto second = static_cast<unsigned char>(text[i + 1]);
    const auto third = static_cast<unsigned char>(text[i + 2]);
    const unsigned code = ((second & 0x3FU) << 6U) | (third & 0x3FU);  // From U+F000 on.
    if (code >= 0xF01U && code <= 0xF5EU) {
      folded.push_back(static_cast<char>(code - 0xF01U + '!'));
    } else {
      folded.append(text.substr(i, 3));
    }
    i += 2;
  }
  return ToLowerAscii(folded);
}

char At(std::string_view text, std::size_t at) { return at < text.size() ? text[at] : '\0'; }

std::size_t EndOfWord(std::string_view text, std::size_t at) {
  while (IsWordChar(At(text, at)) || At(text, at) == '-') ++at;
  return at;
}

// A host name of at least two labels at `at`: where it ends and what its last label is.
struct Host {
  std::size_t end = 0;  // 0: there is none.
  std::string_view ending;
};

Host HostAt(std::string_view text, std::size_t at) {
  Host host;
  std::size_t end = EndOfWord(text, at);
  while (end > at && At(text, end) == '.' && IsWordChar(At(text, end + 1))) {
    at = end + 1;
    end = EndOfWord(text, at);
    host = {.end = end, .ending = text.substr(at, end - at)};
  }
  const bool is_name =
      host.ending.size() >= 2 && std::all_of(host.ending.begin(), host.ending.end(), IsLetter);
  return is_name ? host : Host{};
}

bool HasEmail(std::string_view text) {
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    if (at > 0 && IsNameChar(text[at - 1]) && HostAt(text, at + 1).end > 0) return true;
  }
  return false;
}

// Names in other scripts begin with a byte outside ASCII; "@2x" is a size.
bool BeginsName(char c) {
  return IsLetter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80U;
}

bool HasHandle(std::string_view text) {
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    const bool is_inside = at > 0 && IsNameChar(text[at - 1]);
    if (!is_inside && BeginsName(At(text, at + 1)) && at + 2 < text.size()) return true;
  }
  return false;
}

bool IsSite(std::string_view text, std::size_t at) {
  const Host host = HostAt(text, at);
  if (host.end == 0) return false;
  const bool has_path = At(text, host.end) == '/' && IsWordChar(At(text, host.end + 1));
  return has_path || text.substr(at).starts_with("www.") ||
         std::find(kSiteEndings.begin(), kSiteEndings.end(), host.ending) != kSiteEndings.end();
}

bool HasUrl(std::string_view text) {
  if (text.find("://") != std::string_view::npos) return true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool begins = IsWordChar(text[at]) && (at == 0 || !IsNameChar(text[at - 1]));
    if (begins && IsSite(text, at)) return true;
  }
  return false;
}

// Digits in groups, as numbers of people are written.
struct Number {
  bool has_plus = false;
  bool has_dash = false;
  bool touches_letter = false;  // "20000mah", "b0012345"
  std::vector<std::string_view> groups;
  std::size_t end = 0;

  std::size_t digits() const {
    std::size_t count = 0;
    for (const std::string_view group : groups) count += group.size();
    return count;
  }
};

// The place of the next group's first digit if only one separator, or a bracket and a blank, stands
// between; 0 if the number ends here.
std::size_t NextGroup(std::string_view text, std::size_t at) {
  std::size_t next = at;
  while (next - at < 3 &&
         std::string_view(" -.()").find(At(text, next)) != std::string_view::npos &&
         next < text.size()) {
    ++next;
  }
  return next > at && IsDigit(At(text, next)) ? next : 0;
}

Number NumberAt(std::string_view text, std::size_t at) {
  Number number;
  const char before = at > 0 ? text[at - 1] : ' ';
  number.has_plus = before == '+' || (before == '(' && at > 1 && text[at - 2] == '+');
  number.touches_letter = IsLetter(before);
  while (at > 0 || number.groups.empty()) {
    std::size_t end = at;
    while (IsDigit(At(text, end))) ++end;
    number.groups.push_back(text.substr(at, end - at));
    number.end = end;
    at = NextGroup(text, end);
    if (at == 0) break;
    const std::string_view between = text.substr(end, at - end);
    number.has_dash = number.has_dash || between.find('-') != std::string_view::npos;
  }
  number.touches_letter = number.touches_letter || IsLetter(At(text, number.end));
  return number;
}

bool IsYear(std::string_view group) {
  return group.size() == 4 && (group.starts_with("19") || group.starts_with("20"));
}

// "31-12-2024" and "2024.12.31"
bool IsDate(const Number& number) {
  if (number.groups.size() != 3) return false;
  const auto is_short = [](std::string_view group) { return group.size() <= 2; };
  const std::string_view first = number.groups[0];
  const std::string_view last = number.groups[2];
  return is_short(number.groups[1]) &&
         ((IsYear(first) && is_short(last)) || (is_short(first) && IsYear(last)));
}

bool IsIdNumber(const Number& number) {
  if (number.groups.size() == 1) return number.digits() >= 15;
  const bool is_card = number.groups.size() >= 3 && number.digits() >= 15 &&
                       std::all_of(number.groups.begin(), number.groups.end(),
                                   [](std::string_view group) { return group.size() >= 3; });
  const bool is_social_security = number.groups.size() == 3 && number.has_dash &&
                                  number.groups[0].size() == 3 && number.groups[1].size() == 2 &&
                                  number.groups[2].size() == 4;
  return is_card || is_social_security;
}

bool IsPhone(const Number& number) {
  const std::size_t digits = number.digits();
  if (digits < 7) return false;
  if (number.groups.size() == 1) return !number.touches_letter || digits >= 10;
  const std::string_view first = number.groups.front();
  const std::string_view last = number.groups.back();
  if (number.has_plus || (first.size() >= 2 && first[0] == '0')) return true;
  if (IsDate(number) || std::all_of(number.groups.begin(), number.groups.end(), IsYear)) {
    return false;
  }
  // "138 1234 5678", "(555) 123-4567" and "555-1234" are telephone numbers; "36 37 38 39",
  // "100-200-300", "3.1415926", "rtx 4070 4080" and "budget 500-1000" are not.
  if (number.touches_letter || number.groups.size() > 4) return false;
  if (number.groups.size() == 2 && (!number.has_dash || last.ends_with('0'))) return false;
  return first.size() >= 3 && last.size() >= 4;
}

template <typename Predicate>
bool HasNumber(std::string_view text, Predicate is_one) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!IsDigit(text[at])) continue;
    const Number number = NumberAt(text, at);
    if (is_one(number)) return true;
    at = number.end - 1;
  }
  return false;
}

}  // namespace

std::string_view PersonalDataName(PersonalData kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<PersonalData> FindPersonalData(std::string_view text) {
  const std::string folded = Folded(text);
  if (HasEmail(folded)) return PersonalData::kEmail;
  if (HasUrl(folded)) return PersonalData::kUrl;
  if (HasHandle(folded)) return PersonalData::kHandle;
  if (HasNumber(folded, IsIdNumber)) return PersonalData::kIdNumber;
  if (HasNumber(folded, IsPhone)) return PersonalData::kPhone;
  return std::nullopt;
}

}  // namespace twohop
