// From what happened to all proposals to what happened to one category.

#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "twohop/reasoning/interest_filters.h"
#include "twohop/reasoning/proposal.h"
#include "twohop/reasoning/proposal_explanation.h"

namespace twohop {

// One generation, as far as it says what became of `category`. All of it is borrowed for the call.
struct AskedGeneration {
  CategoryIndex category;
  const std::optional<ReachedCategory>& reached;  // Proposals::asked.
  std::span<const Proposal> proposed;             // Before the filters.
  std::span<const Proposal> accepted;             // What FilterProposals kept of them.
  const FilterContext& context;
  const FilterOptions& filter;
  std::size_t max_per_level1 = 2;  // ProposeOptions::max_per_level1.
};

// A pure function: the verdict is that of FilterProposals, asked about this one proposal, and
// else of the places that were given away.
ProposalExplanation ExplainProposal(const AskedGeneration& asked);

}  // namespace twohop
