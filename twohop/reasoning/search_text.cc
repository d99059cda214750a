#include "twohop/reasoning/search_text.h"

#include <algorithm>
#include <cstdint>
#include <unordered_set>
#include <utility>

#include "twohop/base/json.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

// A raw search may be megabytes long; nothing beyond this many bytes can survive the cut.
constexpr std::size_t kReadAheadFactor = 8;

// The length of the valid UTF-8 character at the front of `text`, or 0.
std::size_t CharacterLength(std::string_view text) {
  for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length) {
    if (IsValidUtf8(text.substr(0, length))) return length;
  }
  return 0;
}

bool IsBetween(std::string_view character, std::string_view first, std::string_view last) {
  return character.size() == first.size() && character >= first && character <= last;
}

// C0, DEL, C1; line and paragraph separators.
bool IsControl(std::string_view character) {
  if (character.size() == 1) {
    const auto byte = static_cast<std::uint8_t>(character[0]);
    return byte < 0x20U || byte == 0x7FU;
  }
  return IsBetween(character, "\xC2\x80", "\xC2\x9F") ||
         IsBetween(character, "\xE2\x80\xA8", "\xE2\x80\xA9");
}

// Soft hyphen; combining grapheme joiner; Arabic letter mark; Hangul fillers; Mongolian vowel
// separator; zero-width and direction marks; embeddings, overrides and isolates; variation
// selectors; the byte order mark and what else the specials hold; and plane 14, whose tags and
// selectors spell hidden text.
bool IsInvisible(std::string_view character) {
  return character == "\xC2\xAD" || character == "\xCD\x8F" || character == "\xD8\x9C" ||
         IsBetween(character, "\xE1\x85\x9F", "\xE1\x85\xA0") ||
         IsBetween(character, "\xE1\xA0\x8B", "\xE1\xA0\x8F") ||
         IsBetween(character, "\xE2\x80\x8B", "\xE2\x80\x8F") ||
         IsBetween(character, "\xE2\x80\xAA", "\xE2\x80\xAE") ||
         IsBetween(character, "\xE2\x81\xA0", "\xE2\x81\xAF") || character == "\xE3\x85\xA4" ||
         IsBetween(character, "\xEF\xB8\x80", "\xEF\xB8\x8F") || character == "\xEF\xBB\xBF" ||
         IsBetween(character, "\xEF\xBF\xB0", "\xEF\xBF\xBB") ||
         IsBetween(character, "\xF3\xA0\x80\x80", "\xF3\xAF\xBF\xBF");
}

void AppendBlank(std::string& text) {
  if (!text.empty() && text.back() != ' ') text.push_back(' ');
}

}  // namespace

std::string CleanSearch(std::string_view text, std::size_t max_bytes) {
  text = text.substr(0, max_bytes * kReadAheadFactor);
  std::string clean;
  while (!text.empty()) {
    const std::size_t length = CharacterLength(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    text.remove_prefix(character.size());
    if (length == 0 || character == " " || IsControl(character)) {
      AppendBlank(clean);
    } else if (!IsInvisible(character)) {
      clean.append(character);
    }
  }
  return Ellipsize(Trim(clean), max_bytes);
}

std::vector<std::string> CleanSearches(std::span<const RecentSearch> searches,
                                       std::size_t max_count, std::size_t max_bytes) {
  std::vector<std::string> kept;
  std::unordered_set<std::string> seen;
  for (const RecentSearch& search : searches) {
    if (kept.size() == max_count) break;
    std::string clean = CleanSearch(search.query, max_bytes);
    std::string normal = NormalizeName(clean);
    if (normal.empty() || !seen.insert(std::move(normal)).second) continue;
    kept.push_back(std::move(clean));
  }
  return kept;
}

std::string PlainForPrompt(std::string_view text) {
  std::string harmless(text);
  for (char& c : harmless) {
    if (std::string_view("<>[]{}|`").find(c) != std::string_view::npos) c = ' ';
  }
  return harmless;
}

std::string QuoteForPrompt(std::string_view text) { return DumpJson(PlainForPrompt(text)); }

}  // namespace twohop
