// A teacher's answer, in prose or not: what stands of it is a trace.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "twohop/base/check.h"
#include "twohop/distill/trace_filter.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace {

using namespace twohop;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const std::shared_ptr<const Taxonomy> taxonomy = SmallShop();
  static const UserContext user{.profile = {.id = UserId("u1"), .age_group = {}, .gender = {}},
                                .searches = {{.query = "tent"}, {.query = "gas stove"}},
                                .clicked_level1 = {"Outdoors"}};
  const auto answer = FindTeacherAnswer(text);
  if (!answer) return 0;
  const TraceReview review = ReviewTeacherAnswer(*answer, "", user, *taxonomy, Blocklist());
  const auto again = ParseTrace(TraceToJson(review.trace, *taxonomy), *taxonomy);
  TWOHOP_CHECK(again.has_value() && again->demands == review.trace.demands);
  TWOHOP_CHECK(again->interests == review.trace.interests);
  for (const TraceInterest& interest : review.trace.interests) {
    TWOHOP_CHECK(taxonomy->at(interest.category).level1 != "Outdoors");
  }
  return 0;
}
