#include "twohop/reasoning/demand_edges.h"

#include <algorithm>

#include <fmt/format.h>

#include "twohop/reasoning/category_names.h"

namespace twohop {

Result<DemandEdges> ParseDemandEdges(const Json& json, const Taxonomy& taxonomy) {
  DemandEdges edges;
  TWOHOP_ASSIGN_OR_RETURN(edges.demand, RequireString(json, "demand"));
  TWOHOP_ASSIGN_OR_RETURN(edges.searches, OptionalStrings(json, "from"));
  TWOHOP_ASSIGN_OR_RETURN(edges.calls_for, ParseCategories(json, "calls_for", taxonomy));
  TWOHOP_ASSIGN_OR_RETURN(edges.stretch, ParseCategories(json, "stretch", taxonomy));
  if (edges.demand.empty()) return InvalidArgument("\"demand\" is empty");
  if (edges.calls_for.empty()) return InvalidArgument("\"calls_for\" is empty");
  for (const CategoryIndex category : edges.stretch) {
    const auto& plain = edges.calls_for;
    if (std::find(plain.begin(), plain.end(), category) == plain.end()) continue;
    return InvalidArgument(
        fmt::format("\"{}\" is in \"calls_for\" and in \"stretch\"", taxonomy.label(category)));
  }
  return edges;
}

Json DemandEdgesToJson(const DemandEdges& edges, const Taxonomy& taxonomy) {
  const auto labels = [&](const std::vector<CategoryIndex>& categories) {
    Json list = Json::array();
    for (const CategoryIndex category : categories) list.push_back(taxonomy.label(category));
    return list;
  };
  return {{"demand", edges.demand},
          {"from", edges.searches},
          {"calls_for", labels(edges.calls_for)},
          {"stretch", labels(edges.stretch)}};
}

Result<JsonlRows<DemandEdges>> ReadDemandEdges(const std::filesystem::path& path,
                                               const Taxonomy& taxonomy) {
  return ReadJsonl<DemandEdges>(path,
                                [&](const Json& json) { return ParseDemandEdges(json, taxonomy); });
}

}  // namespace twohop
