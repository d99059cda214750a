// What both kinds of agents do with proposals.

#pragma once

#include <string>
#include <vector>

#include "twohop/reasoning/debate_agent.h"

namespace twohop {

// What may be said in a debate, most confident first: proposals that pass every filter but those
// for duplicates and numbers. The others are counted.
//
// Errors: those of SensitiveTexts::FindIn.
Result<std::vector<Proposal>> Sayable(std::vector<Proposal> proposals, const SearchingUser& user,
                                      const StrategyTools& tools, RejectCounts& rejected,
                                      std::stop_token stop);

// The first ones of `ordered` within the limits.
std::vector<Proposal> FirstOnes(const std::vector<Proposal>& ordered, const Taxonomy& taxonomy,
                                const ProposeOptions& limits);

// Nothing if none has this category.
const Proposal* FindProposal(std::span<const Proposal> proposals, CategoryIndex category);

DebateStatement Say(DebateStance stance, const Proposal& proposal, const Taxonomy& taxonomy,
                    std::string reason = {});

// Names of those who stand for the category, "Wren and Atlas"; empty if nobody does.
std::string WhoStandFor(CategoryIndex category, std::span<const HeardAnswer> others);

}  // namespace twohop
