// What a demand calls for, whoever has it: edges that hold for all users.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/jsonl.h"
#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"

namespace twohop {

struct DemandEdges {
  std::string demand;
  std::vector<std::string> searches;     // Behind each of them the demand may stand.
  std::vector<CategoryIndex> calls_for;  // Plainly; best first; at least one.
  std::vector<CategoryIndex> stretch;    // Weakly.

  friend bool operator==(const DemandEdges&, const DemandEdges&) = default;
};

// Reads {"demand": "...", "from": ["search"], "calls_for": ["Category"], "stretch": ["Category"]},
// of which "from" and "stretch" may be left out.
//
// Errors: kInvalidArgument, naming the field, if one is absent, empty or of another type, or a
// category is not in the taxonomy, occurs twice or is in both lists.
Result<DemandEdges> ParseDemandEdges(const Json& json, const Taxonomy& taxonomy);

// What ParseDemandEdges reads back.
Json DemandEdgesToJson(const DemandEdges& edges, const Taxonomy& taxonomy);

// Errors: those of ForEachJsonLine.
Result<JsonlRows<DemandEdges>> ReadDemandEdges(const std::filesystem::path& path,
                                               const Taxonomy& taxonomy);

}  // namespace twohop
