#include "twohop/distill/trace_edges.h"

#include <iterator>
#include <utility>

namespace twohop {

std::vector<DemandEdges> EdgesOf(const Trace& trace) {
  std::vector<DemandEdges> all;
  for (std::size_t i = 0; i < trace.demands.size(); ++i) {
    DemandEdges edges{.demand = trace.demands[i].text, .searches = trace.demands[i].searches};
    for (const TraceInterest& interest : trace.interests) {
      if (interest.demand == i) edges.calls_for.push_back(interest.category);
    }
    if (!edges.calls_for.empty()) all.push_back(std::move(edges));
  }
  return all;
}

Result<JsonlRows<DemandEdges>> ReadTracesOrEdges(const std::filesystem::path& path,
                                                 const Taxonomy& taxonomy) {
  JsonlRows<DemandEdges> read;
  const auto take = [&](const Json& json) -> Status {
    std::vector<DemandEdges> edges;
    if (json.contains("calls_for")) {
      TWOHOP_ASSIGN_OR_RETURN(edges.emplace_back(), ParseDemandEdges(json, taxonomy));
    } else {
      TWOHOP_ASSIGN_OR_RETURN(const Trace trace, ParseTrace(json, taxonomy));
      edges = EdgesOf(trace);
    }
    std::move(edges.begin(), edges.end(), std::back_inserter(read.rows));
    return Ok();
  };
  TWOHOP_ASSIGN_OR_RETURN(read.faults, ForEachJsonLine(path, take));
  return read;
}

}  // namespace twohop
