// All that reasoning reads from the prompts folder.

#pragma once

#include <filesystem>

#include "twohop/base/result.h"
#include "twohop/reasoning/blocklist.h"
#include "twohop/reasoning/demand_screen.h"
#include "twohop/reasoning/prompt.h"

namespace twohop {

struct PromptSet {
  Prompt demand;         // Holes: search, category.
  Prompt two_hop;        // Holes: level1, profile, shown, searches.
  Prompt hop1;           // Of interestGPT. Holes: search, category.
  Prompt hop2;           // Of interestGPT. Holes: demand.
  Prompt debate;         // Holes: those of two_hop, persona.
  Prompt debate_revise;  // Holes: those of debate, own, others.
  Blocklist blocklist;
  DemandScreen screen;  // Knows the system messages of the prompts.
};

// Reads demand.v1.txt, two_hop.v1.txt, hop1.v1.txt, hop2.v1.txt, debate.v1.txt,
// debate_revise.v1.txt and blocklist.v1.txt of `folder`.
//
// Errors: those of Prompt::Load and Blocklist::Load; the message names the file.
Result<PromptSet> LoadPromptSet(const std::filesystem::path& folder);

}  // namespace twohop
