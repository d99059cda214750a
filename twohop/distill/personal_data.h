// Texts that could lead to a person.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace twohop {

enum class PersonalData : std::uint8_t {
  kEmail,     // "jo@example.org"
  kUrl,       // "https://...", "www.example.org", "t.me/name", "example.com"
  kHandle,    // "@name"
  kIdNumber,  // 15 digits and more, as on bank and identity cards; "123-45-6789".
  kPhone,     // 7 to 14 digits, in groups or not: "138 1234 5678", "+49 30 123456", "5551234".
};
inline constexpr std::size_t kPersonalDataCount = 5;

std::string_view PersonalDataName(PersonalData kind);  // "id_number"

// The first kind, in the order above, that occurs in `text`; nothing if none does. Fullwidth digits
// and signs, as Chinese and Japanese keyboards type them, count as ASCII ones.
//
// A safety net by form alone: it knows no names and no addresses. What shops' texts are full of is
// not taken for a number of a person: sizes ("36-39", "size 36 37 38 39"), models ("rtx 4090"),
// amounts ("20000mah"), ratios ("1/144"), decimals, dates and ranges of years. Pure; linear in the
// text.
std::optional<PersonalData> FindPersonalData(std::string_view text);

}  // namespace twohop
