// Search terms are untrusted: how they are cleaned before anything reads them, and quoted before a
// language model does.

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/reasoning/interest_generator.h"

namespace twohop {

// `text` on one line and at most `max_bytes` long: invalid UTF-8 and control characters become
// blanks, runs of blanks become one, none stands at either end. The invisible and
// direction-changing characters of Unicode vanish, so that no word list can be evaded by one in the
// middle of a word. What is cut off is marked with "…". Empty if nothing is left.
//
// REQUIRES: max_bytes >= 3.
std::string CleanSearch(std::string_view text, std::size_t max_bytes);

// The first `max_count` of `searches` after cleaning; empty ones and repetitions (in the form of
// NormalizeName) do not count. Order is kept: newest first.
std::vector<std::string> CleanSearches(std::span<const RecentSearch> searches,
                                       std::size_t max_count, std::size_t max_bytes);

// `text` with blanks for angle, square and curly brackets, bars and backticks: it can spell neither
// a control token of a chat template ("<|im_end|>", "[INST]"), which servers recognise inside
// messages, nor the end of a code fence.
std::string PlainForPrompt(std::string_view text);

// PlainForPrompt as a JSON string: the text cannot end the quotation either.
std::string QuoteForPrompt(std::string_view text);

}  // namespace twohop
