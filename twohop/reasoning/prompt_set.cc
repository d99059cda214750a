#include "twohop/reasoning/prompt_set.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace twohop {

Result<PromptSet> LoadPromptSet(const std::filesystem::path& folder) {
  constexpr std::array<std::string_view, 2> kDemandHoles{"search", "category"};
  constexpr std::array<std::string_view, 4> kTwoHopHoles{"level1", "profile", "shown", "searches"};
  TWOHOP_ASSIGN_OR_RETURN(Prompt demand, Prompt::Load(folder, "demand.v1", kDemandHoles));
  TWOHOP_ASSIGN_OR_RETURN(Prompt two_hop, Prompt::Load(folder, "two_hop.v1", kTwoHopHoles));
  TWOHOP_ASSIGN_OR_RETURN(Prompt hop1, Prompt::Load(folder, "hop1.v1", kDemandHoles));
  constexpr std::array<std::string_view, 1> kHop2Holes{"demand"};
  TWOHOP_ASSIGN_OR_RETURN(Prompt hop2, Prompt::Load(folder, "hop2.v1", kHop2Holes));
  constexpr std::array<std::string_view, 5> kDebateHoles{"level1", "profile", "shown", "searches",
                                                         "persona"};
  TWOHOP_ASSIGN_OR_RETURN(Prompt debate, Prompt::Load(folder, "debate.v1", kDebateHoles));
  constexpr std::array<std::string_view, 7> kReviseHoles{"level1",  "profile", "shown", "searches",
                                                         "persona", "own",     "others"};
  TWOHOP_ASSIGN_OR_RETURN(Prompt debate_revise,
                          Prompt::Load(folder, "debate_revise.v1", kReviseHoles));
  TWOHOP_ASSIGN_OR_RETURN(Blocklist blocklist, Blocklist::Load(folder / "blocklist.v1.txt"));
  const std::array<std::string, 6> instructions{
      demand.instructions(), two_hop.instructions(), hop1.instructions(),
      hop2.instructions(),   debate.instructions(),  debate_revise.instructions()};
  DemandScreen screen(instructions);
  return PromptSet{.demand = std::move(demand),
                   .two_hop = std::move(two_hop),
                   .hop1 = std::move(hop1),
                   .hop2 = std::move(hop2),
                   .debate = std::move(debate),
                   .debate_revise = std::move(debate_revise),
                   .blocklist = std::move(blocklist),
                   .screen = std::move(screen)};
}

}  // namespace twohop
