// Edges that a teacher wrote: what is accepted reads back as it was.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "twohop/base/check.h"
#include "twohop/base/json.h"
#include "twohop/reasoning/demand_edges.h"
#include "twohop/reasoning/testing/small_shop.h"

namespace {

using namespace twohop;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const std::shared_ptr<const Taxonomy> taxonomy = SmallShop();
  const auto json = ParseJson(text);
  if (!json || !json->is_object()) return 0;
  const auto edges = ParseDemandEdges(*json, *taxonomy);
  if (!edges) return 0;
  TWOHOP_CHECK(!edges->demand.empty() && !edges->calls_for.empty());
  const auto again = ParseDemandEdges(DemandEdgesToJson(*edges, *taxonomy), *taxonomy);
  TWOHOP_CHECK(again.has_value() && *again == *edges);
  return 0;
}
