// Text: UTF-8, splitting, and the normal form in which names are compared.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace twohop {

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsValidUtf8(std::string_view text);

// At most `max_bytes` bytes of `text`, cut between characters; "…" marks a cut and counts.
// REQUIRES: max_bytes >= 3.
std::string Ellipsize(std::string_view text, std::size_t max_bytes);

// Without ASCII white space at both ends.
std::string_view Trim(std::string_view text);

// The pieces between separators; an empty text gives one empty piece. REQUIRES: the separator is
// not empty.
std::vector<std::string_view> Split(std::string_view text, char separator);
std::vector<std::string_view> Split(std::string_view text, std::string_view separator);

// ASCII letters in lower case, other bytes as they are.
std::string ToLowerAscii(std::string_view text);

// For comparing names that people or models typed: ASCII lower case, "&" as "and", every run of
// white space, punctuation and control characters as one space, none at the ends. Bytes outside
// ASCII stay as they are.
std::string NormalizeName(std::string_view text);

}  // namespace twohop
