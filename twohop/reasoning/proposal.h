// What a strategy proposes before the filters have seen it.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "twohop/domain/interest_graph.h"
#include "twohop/reasoning/grounding.h"
#include "twohop/reasoning/interest_generator.h"

namespace twohop {

struct Proposal {
  std::vector<std::string> searches;  // Cleaned; at least one.
  std::string demand;                 // Cleaned, not empty.
  EdgeRelation relation = EdgeRelation::kCoHyponym;
  std::optional<GroundedCategory> category;  // Nothing: the taxonomy has nothing like it.
  float confidence = 0.0F;                   // In [0, 1].
};

struct Proposals {
  std::vector<Proposal> proposals;
  RejectCounts rejected{};  // By what happened before the filters.
  TokenUsage usage;
};

}  // namespace twohop
