// What users' traces teach about all users.

#pragma once

#include <filesystem>
#include <vector>

#include "twohop/base/jsonl.h"
#include "twohop/base/result.h"
#include "twohop/distill/trace.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/reasoning/demand_edges.h"

namespace twohop {

// The demands of a trace, each with its searches and interests, best first; a demand without an
// interest calls for nothing and is left out.
std::vector<DemandEdges> EdgesOf(const Trace& trace);

// Reads lines of either kind, by what they hold: traces ("interests") and demand edges
// ("calls_for"), the former through EdgesOf.
//
// Errors: those of ForEachJsonLine.
Result<JsonlRows<DemandEdges>> ReadTracesOrEdges(const std::filesystem::path& path,
                                                 const Taxonomy& taxonomy);

}  // namespace twohop
