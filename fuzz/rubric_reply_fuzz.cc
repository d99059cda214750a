// A judge's answer: a score of the scale and a reason that can be shown.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "twohop/base/check.h"
#include "twohop/base/text.h"
#include "twohop/distill/rubric_judge.h"

namespace {

using namespace twohop;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto reply = ParseRubricReply(text);
  if (!reply) return 0;
  TWOHOP_CHECK(static_cast<std::size_t>(reply->score) < kScoreCount);
  TWOHOP_CHECK(IsValidUtf8(reply->reason) && reply->reason.size() <= 400);
  TWOHOP_CHECK(reply->reason.find('\n') == std::string::npos);
  return 0;
}
