#include "twohop/llm/prompt_redaction.h"

#include <algorithm>

namespace twohop {
namespace {

constexpr std::size_t kLeastRun = 12;
constexpr std::string_view kHidden = "[prompt]";

// The length of the longest run at the front of `text` that stands in a message; 0 if it is short.
std::size_t QuotedAtFront(std::string_view text, const ChatRequest& request) {
  std::size_t longest = 0;
  if (text.size() < kLeastRun) return longest;
  const std::string_view needle = text.substr(0, kLeastRun);
  for (const ChatMessage& message : request.messages) {
    const std::string_view content = message.content;
    for (std::size_t at = content.find(needle); at != std::string_view::npos;
         at = content.find(needle, at + 1)) {
      const std::string_view rest = content.substr(at);
      const auto end = std::mismatch(text.begin(), text.end(), rest.begin(), rest.end()).first;
      longest = std::max(longest, static_cast<std::size_t>(end - text.begin()));
    }
  }
  return longest;
}

}  // namespace

std::string WithoutPrompt(std::string_view text, const ChatRequest& request) {
  std::string kept;
  while (!text.empty()) {
    const std::size_t quoted = QuotedAtFront(text, request);
    if (quoted > 0) {
      kept += kHidden;
    } else {
      kept += text.front();
    }
    text.remove_prefix(std::max<std::size_t>(quoted, 1));
  }
  return kept;
}

}  // namespace twohop
