// What a strategy proposes before the filters have seen it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twohop/domain/debate_record.h"
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
  std::uint32_t votes = 1;                   // Agents that stand for it ...
  std::uint32_t voters = 1;                  // ... of those that answered.
};

struct Proposals {
  std::vector<Proposal> proposals;
  RejectCounts rejected{};  // By what happened before the filters.
  TokenUsage usage;
  std::optional<DebateRecord> debate;  // If several agents were asked.
};

}  // namespace twohop
