#include "twohop/reasoning/lookalikes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace twohop {
namespace {

struct Lookalike {
  char32_t character;
  char latin;
};

// Cyrillic, then Greek; capitals where they look alike too.
constexpr std::array<Lookalike, 45> kLookalikes{{
    {U'а', 'a'}, {U'в', 'b'}, {U'с', 'c'}, {U'ԁ', 'd'}, {U'е', 'e'}, {U'һ', 'h'}, {U'і', 'i'},
    {U'ј', 'j'}, {U'к', 'k'}, {U'ӏ', 'l'}, {U'м', 'm'}, {U'н', 'h'}, {U'о', 'o'}, {U'р', 'p'},
    {U'ԛ', 'q'}, {U'ѕ', 's'}, {U'т', 't'}, {U'у', 'y'}, {U'ѵ', 'v'}, {U'ԝ', 'w'}, {U'х', 'x'},
    {U'А', 'a'}, {U'В', 'b'}, {U'С', 'c'}, {U'Е', 'e'}, {U'Н', 'h'}, {U'І', 'i'}, {U'К', 'k'},
    {U'М', 'm'}, {U'О', 'o'}, {U'Р', 'p'}, {U'Ѕ', 's'}, {U'Т', 't'}, {U'Х', 'x'}, {U'α', 'a'},
    {U'ε', 'e'}, {U'ι', 'i'}, {U'κ', 'k'}, {U'ν', 'v'}, {U'ο', 'o'}, {U'ρ', 'p'}, {U'τ', 't'},
    {U'υ', 'u'}, {U'χ', 'x'}, {U'ϲ', 'c'},
}};

constexpr char32_t kFirstFullWidth = 0xFF01;  // "!", in the order of ASCII.
constexpr char32_t kLastFullWidth = 0xFF5E;
constexpr char32_t kFirstMathLetter = 0x1D400;  // Alphabets of A-Z and a-z, one after the other.
constexpr char32_t kLastMathLetter = 0x1D6A3;

// Bytes of the UTF-8 character that begins with `lead`; 1 for what begins none.
std::size_t LengthBy(std::uint8_t lead) {
  if (lead >= 0xF0U) return 4;
  if (lead >= 0xE0U) return 3;
  return lead >= 0xC0U ? 2 : 1;
}

// REQUIRES: `character` has 2 to 4 bytes. What is not UTF-8 gives some number that looks like
// nothing, or else a letter: for matching, either is good.
char32_t CodePointOf(std::string_view character) {
  char32_t code = static_cast<std::uint8_t>(character[0]) & (0x7FU >> character.size());
  for (const char c : character.substr(1)) {
    code = (code << 6U) | (static_cast<std::uint8_t>(c) & 0x3FU);
  }
  return code;
}

std::optional<char> FindLatin(char32_t code) {
  if (code >= kFirstFullWidth && code <= kLastFullWidth) {
    return static_cast<char>('!' + (code - kFirstFullWidth));
  }
  if (code >= kFirstMathLetter && code <= kLastMathLetter) {
    return static_cast<char>('a' + (code - kFirstMathLetter) % 26U);
  }
  const auto* const found =
      std::find_if(kLookalikes.begin(), kLookalikes.end(),
                   [&](const Lookalike& one) { return one.character == code; });
  if (found == kLookalikes.end()) return std::nullopt;
  return found->latin;
}

}  // namespace

std::string FoldLookalikes(std::string_view text) {
  std::string folded;
  while (!text.empty()) {
    const std::size_t length =
        std::min(LengthBy(static_cast<std::uint8_t>(text.front())), text.size());
    const std::string_view character = text.substr(0, length);
    text.remove_prefix(length);
    const auto latin = length > 1 ? FindLatin(CodePointOf(character)) : std::nullopt;
    if (latin) {
      folded.push_back(*latin);
    } else {
      folded.append(character);
    }
  }
  return folded;
}

}  // namespace twohop
