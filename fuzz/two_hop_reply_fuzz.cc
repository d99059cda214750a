// A model's answer to both hops: demands come from searches that were shown.

#include <cstddef>
#include <cstdint>
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

constexpr std::size_t kSearches = 3;

void CheckDemand(const ProposedDemand& demand) {
  CheckClean(demand.text);
  TWOHOP_CHECK(!demand.searches.empty() && demand.searches.size() <= kSearches);
  for (const std::size_t search : demand.searches) TWOHOP_CHECK(search < kSearches);
  TWOHOP_CHECK(demand.categories.size() <= ReplyLimits().categories_per_demand);
  for (const ProposedCategory& category : demand.categories) CheckClean(category.name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto reply = ParseTwoHopReply(text, kSearches);
  if (!reply) return 0;
  TWOHOP_CHECK(reply->demands.size() <= ReplyLimits().demands);
  for (const ProposedDemand& demand : reply->demands) CheckDemand(demand);
  return 0;
}
