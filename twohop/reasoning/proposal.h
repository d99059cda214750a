// What a strategy proposes before the filters have seen it.

#pragma once

#include <cstddef>
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

// A category that somebody asks about and that is reached, whether it is proposed or not.
struct ReachedCategory {
  Proposal strongest;         // As it would be proposed.
  std::size_t rank = 0;       // From 1, among all that are reached, surest first; known ones too.
  std::size_t reached = 0;    // How many are.
  bool searched_for = false;  // A search means this very category.
};

struct Proposals {
  std::vector<Proposal> proposals;
  RejectCounts rejected{};  // By what happened before the filters.
  TokenUsage usage;
  std::optional<DebateRecord> debate;    // If several agents were asked.
  std::optional<ReachedCategory> asked;  // EdgeWalkOptions::asked, if it is reached.
};

}  // namespace twohop
