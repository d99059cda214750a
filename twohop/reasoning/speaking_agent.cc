#include <array>
#include <utility>

#include <fmt/format.h>

#include "twohop/reasoning/debate_agent.h"
#include "twohop/reasoning/debate_answer.h"
#include "twohop/reasoning/search_text.h"
#include "twohop/reasoning/two_hop_asker.h"

namespace twohop {
namespace {

// Demands are what a model wrote: quoted and cut like searches.
std::string InOneLine(std::span<const Proposal> proposals, const Taxonomy& taxonomy) {
  if (proposals.empty()) return "nothing";
  std::string line;
  for (const Proposal& proposal : proposals) {
    if (!line.empty()) line += "; ";
    fmt::format_to(std::back_inserter(line), "{} for {}",
                   taxonomy.label(proposal.category->category), QuoteForPrompt(proposal.demand));
  }
  return line;
}

std::string OthersText(std::span<const HeardAnswer> others, const Taxonomy& taxonomy) {
  std::string text;
  for (const HeardAnswer& other : others) {
    if (!text.empty()) text += '\n';
    fmt::format_to(std::back_inserter(text), "- {}: {}", other.name,
                   InOneLine(other.stands_for, taxonomy));
  }
  return text;
}

class SpeakingSeat final : public DebateSeat {
 public:
  SpeakingSeat(const TwoHopAsker& alone, const TwoHopAsker& revising, const StrategyTools& tools,
               const SearchingUser& user, const std::string& persona, const AgentLimits& limits)
      : alone_(alone),
        revising_(revising),
        tools_(tools),
        user_(user),
        persona_(persona),
        limits_(limits) {}

  Result<AgentAnswer> Answer(std::stop_token stop) override {
    const std::array<PromptValue, 1> more{{{"persona", persona_}}};
    TWOHOP_ASSIGN_OR_RETURN(AgentAnswer answer, Ask(alone_, more, std::move(stop)));
    for (const Proposal& proposal : answer.stands_for) {
      answer.statements.push_back(Say(DebateStance::kProposes, proposal, taxonomy()));
    }
    stands_for_ = answer.stands_for;
    return answer;
  }

  Result<AgentAnswer> Revise(std::span<const HeardAnswer> others, std::stop_token stop) override {
    const std::string own = InOneLine(stands_for_, taxonomy());
    const std::string heard = OthersText(others, taxonomy());
    const std::array<PromptValue, 3> more{{{"persona", persona_}, {"own", own}, {"others", heard}}};
    TWOHOP_ASSIGN_OR_RETURN(AgentAnswer answer, Ask(revising_, more, std::move(stop)));
    // Silence convinces nobody, not even oneself.
    if (answer.stands_for.empty()) answer.stands_for = stands_for_;
    Compare(others, answer);
    stands_for_ = answer.stands_for;
    return answer;
  }

 private:
  const Taxonomy& taxonomy() const { return tools_.space->taxonomy(); }

  Result<AgentAnswer> Ask(const TwoHopAsker& asker, std::span<const PromptValue> more,
                          std::stop_token stop) const {
    TWOHOP_ASSIGN_OR_RETURN(Proposals proposed, asker.Ask(user_, more, stop));
    AgentAnswer answer{
        .stands_for = {}, .statements = {}, .rejected = proposed.rejected, .usage = proposed.usage};
    TWOHOP_ASSIGN_OR_RETURN(
        const std::vector<Proposal> sayable,
        Sayable(std::move(proposed.proposals), user_, tools_, answer.rejected, std::move(stop)));
    answer.stands_for = FirstOnes(sayable, taxonomy(), limits_.propose);
    return answer;
  }

  void Compare(std::span<const HeardAnswer> others, AgentAnswer& answer) const {
    for (const Proposal& proposal : answer.stands_for) {
      const CategoryIndex category = proposal.category->category;
      if (FindProposal(stands_for_, category) != nullptr) {
        answer.statements.push_back(Say(DebateStance::kKeeps, proposal, taxonomy()));
        continue;
      }
      const std::string who = WhoStandFor(category, others);
      answer.statements.push_back(Say(who.empty() ? DebateStance::kProposes : DebateStance::kAdopts,
                                      proposal, taxonomy(), who.empty() ? who : "from " + who));
    }
    for (const Proposal& before : stands_for_) {
      if (FindProposal(answer.stands_for, before.category->category) != nullptr) continue;
      answer.statements.push_back(Say(DebateStance::kDrops, before, taxonomy()));
    }
  }

  const TwoHopAsker& alone_;
  const TwoHopAsker& revising_;
  const StrategyTools& tools_;
  const SearchingUser& user_;
  const std::string& persona_;
  const AgentLimits& limits_;
  std::vector<Proposal> stands_for_;
};

class SpeakingAgent final : public DebateAgent {
 public:
  SpeakingAgent(const StrategyTools& tools, const AskOptions& ask,
                const GroundingOptions& grounding, DebateParticipant participant,
                const AgentLimits& limits)
      : tools_(tools),
        alone_(tools, tools.prompts.debate, ask, grounding),
        revising_(tools, tools.prompts.debate_revise, ask, grounding),
        participant_(std::move(participant)),
        limits_(limits) {
    participant_.model = tools.chat.model();
    participant_.prompt_version = alone_.prompt_version() + "+" + revising_.prompt_version();
    if (participant_.persona.empty()) participant_.persona = "no particular one";
  }

  std::unique_ptr<DebateSeat> TakeSeat(const SearchingUser& user) override {
    return std::make_unique<SpeakingSeat>(alone_, revising_, tools_, user, participant_.persona,
                                          limits_);
  }

  const DebateParticipant& participant() const override { return participant_; }

 private:
  const StrategyTools tools_;
  const TwoHopAsker alone_;
  const TwoHopAsker revising_;
  DebateParticipant participant_;
  const AgentLimits limits_;
};

}  // namespace

std::unique_ptr<DebateAgent> MakeSpeakingAgent(const StrategyTools& tools, const AskOptions& ask,
                                               const GroundingOptions& grounding,
                                               DebateParticipant participant,
                                               const AgentLimits& limits) {
  return std::make_unique<SpeakingAgent>(tools, ask, grounding, std::move(participant), limits);
}

}  // namespace twohop
