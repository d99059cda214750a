// A tuned model's answer: texts that are accepted can be stored, each once.

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "twohop/base/check.h"
#include "twohop/base/text.h"
#include "twohop/reasoning/reply_parser.h"
#include "twohop/reasoning/search_text.h"

namespace {

using namespace twohop;

// Text that may be stored and shown.
void CheckClean(const std::string& text) {
  TWOHOP_CHECK(!text.empty() && text.size() <= ReplyLimits().text_bytes && IsValidUtf8(text));
  TWOHOP_CHECK(CleanSearch(text, ReplyLimits().text_bytes) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto list = ParseListReply(text);
  if (!list) return 0;
  std::set<std::string> seen;
  for (const std::string& one : *list) {
    CheckClean(one);
    TWOHOP_CHECK(seen.insert(NormalizeName(one)).second);
  }
  return 0;
}
