// One answer, several of one agent, or a debate of many.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/reasoning/debate.h"
#include "twohop/reasoning/two_hop_strategy.h"

namespace twohop {

enum class DeliberationMode : std::uint8_t {
  kSingle,           // One strategy answers once.
  kSelfConsistency,  // It answers several times, at a temperature, and the answers vote.
  kDebate,           // Agents answer, hear each other and answer again; see MakeDebate.
};

std::string_view DeliberationModeName(DeliberationMode mode);  // "self_consistency"
std::optional<DeliberationMode> FindDeliberationMode(std::string_view name);

// An agent of a debate. full_two_hop speaks (MakeSpeakingAgent), the other strategies rank
// (MakeRankingAgent).
struct AgentOptions {
  std::string name;  // Not empty; no two of one debate are equal.
  TwoHopStrategy strategy = TwoHopStrategy::kFullTwoHop;
  std::string persona;       // Its point of view, for agents that speak.
  float temperature = 0.0F;  // In [0, 2].
  std::uint64_t seed = 0;    // Added to TwoHopOptions::seed.
  double weight = 1.0;       // Of its votes; above 0.
  std::string model = {};    // Key of ReasoningKnowledge::agent_chats; empty: the common model.

  friend bool operator==(const AgentOptions&, const AgentOptions&) = default;
};

// Three that know different things: the shared edges, the tuned small model, the taxonomy's own
// words.
std::vector<AgentOptions> DefaultAgents();

struct DeliberationOptions {
  DeliberationMode mode = DeliberationMode::kSingle;
  std::uint32_t samples = 3;        // Of kSelfConsistency; at least 1.
  float sample_temperature = 0.7F;  // Of its samples but the first, which is the single answer.
  std::vector<AgentOptions> agents = DefaultAgents();  // Of kDebate; at least 1.
  std::uint32_t rounds = 2;                            // Of kDebate; DebateOptions::rounds.
  double enough_agreement = 0.9;                       // Of kDebate.
  float trust = 0.3F;                                  // Of kDebate; AgentLimits::trust.

  // Errors: kInvalidArgument, naming the field.
  Status Validate() const;
};

// Who answers: of kSingle one, of kSelfConsistency the samples, of kDebate the agents.
std::vector<AgentOptions> ParticipantsOf(const DeliberationOptions& options,
                                         TwoHopStrategy strategy);

// All that makes a difference to the result, in one line: "shared_edges",
// "self_consistency(hop_by_hop x 3)", "debate(shared_edges, hop_by_hop; 2 rounds)".
std::string DescribeDeliberation(const DeliberationOptions& options, TwoHopStrategy strategy);

// What agents are made of.
struct DeliberationParts {
  StrategyTools tools;
  // Of an agent: `tools` with the model that it asks.
  std::function<StrategyTools(const AgentOptions&)> tools_of;
  AskOptions ask;  // Of agents that speak; temperature and seed are the agent's own.
  GroundingOptions grounding;
  ProposeOptions propose;  // Of each agent and of the whole.
  std::uint64_t seed = 1;
  // The strategy of a ranking agent, which proposes more than `propose` says; for an agent's
  // temperature and with its seed added.
  std::function<std::unique_ptr<Strategy>(const AgentOptions&)> make_ranking;
};

// A strategy that deliberates. REQUIRES: options.mode is not kSingle; options.Validate() is Ok.
// What `parts` refers to, and `clock`, must outlive it.
std::unique_ptr<Strategy> MakeDeliberation(const DeliberationParts& parts,
                                           const DeliberationOptions& options,
                                           TwoHopStrategy strategy, const Clock& clock);

}  // namespace twohop
