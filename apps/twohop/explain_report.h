// A pair check as a person reads it, and as JSON.

#pragma once

#include <string>

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/domain/pair_relation.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/reasoning/proposal_explanation.h"

namespace twohop::app {

// The category, the answer in a sentence, then paths with what reasoning said for them, or the
// interests that come near.
std::string DescribeRelation(const PairRelation& relation);

// What the workspace's shared edges say about `category`, or why they were not asked.
std::string DescribeEdges(const Result<ProposalExplanation>& edges, CategoryIndex category,
                          const Taxonomy& taxonomy);

// {"verdict", "rejected", "message", "path", "searches", "demand", "relation", "confidence",
// "rank", "reached", "proposed", "ahead"}, the path's fields null where none is told; or {"error"}.
Json EdgesToJson(const Result<ProposalExplanation>& edges, CategoryIndex category,
                 const Taxonomy& taxonomy);

}  // namespace twohop::app
