// Who takes part in a debate.

#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/domain/debate_record.h"
#include "twohop/reasoning/interest_filters.h"
#include "twohop/reasoning/proposal.h"
#include "twohop/reasoning/strategy.h"

namespace twohop {

// What an agent says in one round.
struct AgentAnswer {
  // What it stands for, best first. Each has a category, that occurs once, and passes the filters:
  // no agent sees what another one may not say.
  std::vector<Proposal> stands_for;
  std::vector<DebateStatement> statements;
  RejectCounts rejected{};
  TokenUsage usage;
};

// The last answer of an agent, as the others see it.
struct HeardAnswer {
  std::string_view name;
  std::span<const Proposal> stands_for;  // Empty: it was silent.
};

// An agent's place in one debate about one user.
//
// Not thread-safe.
class DebateSeat {
 public:
  virtual ~DebateSeat() = default;

  // Alone. Called once, first.
  //
  // Errors: those of Strategy::Propose.
  virtual Result<AgentAnswer> Answer(std::stop_token stop) = 0;

  // After the round in which `others` answered so. Where nothing can be read in a model's answer,
  // what the agent said before stands.
  //
  // Errors: those of Strategy::Propose too.
  virtual Result<AgentAnswer> Revise(std::span<const HeardAnswer> others, std::stop_token stop) = 0;
};

// Thread-safe.
class DebateAgent {
 public:
  virtual ~DebateAgent() = default;

  // The user must outlive the seat, and the agent too.
  virtual std::unique_ptr<DebateSeat> TakeSeat(const SearchingUser& user) = 0;

  virtual const DebateParticipant& participant() const = 0;
};

struct AgentLimits {
  ProposeOptions propose;  // Of what an agent stands for.
  // How much the others' opinion counts beside an agent's own, in [0, 1].
  float trust = 0.3F;
};

// An agent that ranks: `strategy` gives it a long list, of which it stands for the best. When it
// revises, a category of its own list gains by the share of the others who stand for it; one that
// is not on its list it refuses, whoever asks. Costs what the strategy costs, once.
//
// `strategy` should propose several times as much as limits.propose.
std::unique_ptr<DebateAgent> MakeRankingAgent(std::unique_ptr<Strategy> strategy,
                                              const StrategyTools& tools,
                                              DebateParticipant participant,
                                              const AgentLimits& limits);

// An agent that a language model speaks for, in both hops at once (prompts debate and
// debate_revise): it reads what the others answered and writes its answer anew. One call a round.
std::unique_ptr<DebateAgent> MakeSpeakingAgent(const StrategyTools& tools, const AskOptions& ask,
                                               const GroundingOptions& grounding,
                                               DebateParticipant participant,
                                               const AgentLimits& limits);

}  // namespace twohop
