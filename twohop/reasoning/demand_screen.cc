#include "twohop/reasoning/demand_screen.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "twohop/base/text.h"

namespace twohop {
namespace {

constexpr std::size_t kRunWords = 5;
constexpr std::size_t kMaxWords = 16;
constexpr std::string_view kMarkup = "<>{}[]|`\\";

// In the form of NormalizeName, between blanks.
constexpr std::array<std::string_view, 22> kTalk{
    " ignore all ",     " ignore previous ", " ignore the ",        " ignore your ",
    " disregard all ",  " disregard the ",   " previous prompt ",   " previous instructions ",
    " system prompt ",  " system message ",  " your instructions ", " my instructions ",
    " these rules ",    " as an ai ",        " language model ",    " i cannot ",
    " i can not help ", " i m sorry ",       " im sorry ",          " json object ",
    " developer mode ", " return a json ",
};

bool IsAsciiLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsAsciiWord(char c) { return IsAsciiLetter(c) || (c >= '0' && c <= '9'); }

// "shop.example", but not "vol. 2" or "U.S.".
bool HasHostName(std::string_view text) {
  for (std::size_t dot = text.find('.'); dot != std::string_view::npos;
       dot = text.find('.', dot + 1)) {
    if (dot < 2 || dot + 2 >= text.size()) continue;
    if (IsAsciiWord(text[dot - 1]) && IsAsciiWord(text[dot - 2]) && IsAsciiLetter(text[dot + 1]) &&
        IsAsciiLetter(text[dot + 2])) {
      return true;
    }
  }
  return false;
}

bool HasAddress(std::string_view text) {
  return text.find("://") != std::string_view::npos || text.find('@') != std::string_view::npos ||
         HasHostName(text) || ToLowerAscii(text).find("javascript:") != std::string::npos;
}

bool TalksToAModel(std::string_view normal) {
  const std::string words = fmt::format(" {} ", normal);
  return std::any_of(kTalk.begin(), kTalk.end(),
                     [&](std::string_view talk) { return words.find(talk) != std::string::npos; });
}

std::vector<std::string> RunsOf(std::string_view text) {
  const std::string normal = NormalizeName(text);
  const std::vector<std::string_view> words = Split(normal, ' ');
  std::vector<std::string> runs;
  for (std::size_t i = 0; i + kRunWords <= words.size(); ++i) {
    runs.push_back(fmt::format(
        "{}", fmt::join(words.begin() + static_cast<std::ptrdiff_t>(i),
                        words.begin() + static_cast<std::ptrdiff_t>(i + kRunWords), " ")));
  }
  return runs;
}

}  // namespace

DemandScreen::DemandScreen(std::span<const std::string> instructions) {
  for (const std::string& text : instructions) {
    for (std::string& run : RunsOf(text)) runs_.insert(std::move(run));
  }
}

bool DemandScreen::Refuses(std::string_view text) const {
  if (text.find_first_of(kMarkup) != std::string_view::npos || HasAddress(text)) return true;
  const std::string normal = NormalizeName(text);
  if (static_cast<std::size_t>(std::count(normal.begin(), normal.end(), ' ')) >= kMaxWords) {
    return true;
  }
  return TalksToAModel(normal) || RepeatsInstructions(text);
}

bool DemandScreen::RepeatsInstructions(std::string_view text) const {
  const std::vector<std::string> runs = RunsOf(text);
  return std::any_of(runs.begin(), runs.end(),
                     [&](const std::string& run) { return runs_.contains(run); });
}

}  // namespace twohop
