// What users typed on its way into a prompt: one line of quoted text, whatever it was.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "twohop/base/check.h"
#include "twohop/base/json.h"
#include "twohop/base/text.h"
#include "twohop/reasoning/blocklist.h"
#include "twohop/reasoning/demand_screen.h"
#include "twohop/reasoning/search_text.h"

namespace {

using namespace twohop;

constexpr std::size_t kMaxBytes = 80;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string clean = CleanSearch(text, kMaxBytes);
  TWOHOP_CHECK(clean.size() <= kMaxBytes && IsValidUtf8(clean));
  TWOHOP_CHECK(CleanSearch(clean, kMaxBytes) == clean);
  const std::string quoted = QuoteForPrompt(clean);
  TWOHOP_CHECK(quoted.find_first_of("<>[]{}|`\n\r") == std::string::npos);
  const auto read = ParseJson(quoted);
  TWOHOP_CHECK(read.has_value() && *read == PlainForPrompt(clean));
  // Texts of any kind, clean or not.
  static const Blocklist blocklist = *Blocklist::Parse("cancer");
  TWOHOP_CHECK(!blocklist.Blocks(clean) || !DemandScreen().RepeatsInstructions(clean));
  static_cast<void>(blocklist.Blocks(text));
  static_cast<void>(DemandScreen().Refuses(text));
  return 0;
}
