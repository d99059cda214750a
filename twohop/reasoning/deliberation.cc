#include "twohop/reasoning/deliberation.h"

#include <set>
#include <utility>

#include <fmt/format.h>

namespace twohop {
namespace {

Status CheckAgent(const AgentOptions& agent, std::size_t position) {
  const auto refuse = [&](std::string_view field, std::string_view must) {
    return InvalidArgument(fmt::format("agent {}: {} must be {}", position + 1, field, must));
  };
  if (agent.name.empty()) return refuse("name", "given");
  if (!(agent.temperature >= 0.0F && agent.temperature <= 2.0F)) {
    return refuse("temperature", "in [0, 2]");
  }
  if (!(agent.weight > 0.0 && agent.weight <= 1000.0)) return refuse("weight", "in (0, 1000]");
  return Ok();
}

DebateParticipant ParticipantOf(const AgentOptions& agent, std::uint64_t seed) {
  return {.name = agent.name,
          .strategy = std::string(TwoHopStrategyName(agent.strategy)),
          .model = {},
          .prompt_version = {},
          .persona = agent.persona,
          .temperature = agent.temperature,
          .seed = seed + agent.seed,
          .weight = agent.weight};
}

std::unique_ptr<DebateAgent> MakeAgent(const AgentOptions& agent, const DeliberationParts& parts,
                                       const AgentLimits& limits) {
  DebateParticipant participant = ParticipantOf(agent, parts.seed);
  const StrategyTools tools = parts.tools_of(agent);
  if (agent.strategy != TwoHopStrategy::kFullTwoHop) {
    return MakeRankingAgent(parts.make_ranking(agent), tools, std::move(participant), limits);
  }
  AskOptions ask = parts.ask;
  ask.temperature = agent.temperature;
  ask.seed = parts.seed + agent.seed;
  return MakeSpeakingAgent(tools, ask, parts.grounding, std::move(participant), limits);
}

std::string DescribeAgent(const AgentOptions& agent) {
  std::string text(TwoHopStrategyName(agent.strategy));
  if (agent.temperature > 0) text += fmt::format(" at {:.2g}", agent.temperature);
  if (!agent.model.empty()) text += fmt::format(" by {}", agent.model);
  if (agent.seed != 0) text += fmt::format(" seed +{}", agent.seed);
  if (!agent.persona.empty()) text += fmt::format(" as \"{}\"", agent.persona);
  if (agent.weight != 1.0) text += fmt::format(" times {:.3g}", agent.weight);
  return text;
}

}  // namespace

std::string_view DeliberationModeName(DeliberationMode mode) {
  switch (mode) {
    case DeliberationMode::kSingle:
      return "single";
    case DeliberationMode::kSelfConsistency:
      return "self_consistency";
    case DeliberationMode::kDebate:
      return "debate";
  }
  return "unknown";
}

std::optional<DeliberationMode> FindDeliberationMode(std::string_view name) {
  for (const auto mode :
       {DeliberationMode::kSingle, DeliberationMode::kSelfConsistency, DeliberationMode::kDebate}) {
    if (DeliberationModeName(mode) == name) return mode;
  }
  return std::nullopt;
}

std::vector<AgentOptions> DefaultAgents() {
  return {{.name = "Atlas", .strategy = TwoHopStrategy::kSharedEdges, .persona = {}},
          {.name = "Wren", .strategy = TwoHopStrategy::kHopByHop, .persona = {}, .weight = 0.5},
          {.name = "Webster",
           .strategy = TwoHopStrategy::kEmbeddingOnly,
           .persona = {},
           .weight = 0.4}};
}

Status DeliberationOptions::Validate() const {
  if (samples < 1 || samples > 32) return InvalidArgument("samples must be in [1, 32]");
  if (!(sample_temperature >= 0.0F && sample_temperature <= 2.0F)) {
    return InvalidArgument("sample_temperature must be in [0, 2]");
  }
  if (rounds > 8) return InvalidArgument("rounds must be at most 8");
  if (!(enough_agreement >= 0.0 && enough_agreement <= 1.0)) {
    return InvalidArgument("enough_agreement must be in [0, 1]");
  }
  if (!(trust >= 0.0F && trust <= 1.0F)) return InvalidArgument("trust must be in [0, 1]");
  if (agents.empty() || agents.size() > 16) {
    return InvalidArgument("a debate needs 1 to 16 agents");
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < agents.size(); ++i) {
    TWOHOP_RETURN_IF_ERROR(CheckAgent(agents[i], i));
    if (names.insert(agents[i].name).second) continue;
    return InvalidArgument(fmt::format("two agents have the name \"{}\"", agents[i].name));
  }
  return Ok();
}

std::vector<AgentOptions> ParticipantsOf(const DeliberationOptions& options,
                                         TwoHopStrategy strategy) {
  if (options.mode == DeliberationMode::kDebate) return options.agents;
  const std::uint32_t count =
      options.mode == DeliberationMode::kSelfConsistency ? options.samples : 1;
  std::vector<AgentOptions> samples;
  for (std::uint32_t i = 0; i < count; ++i) {
    samples.push_back({.name = fmt::format("Sample {}", i + 1),
                       .strategy = strategy,
                       .persona = {},
                       .temperature = i == 0 ? 0.0F : options.sample_temperature,
                       .seed = i});
  }
  return samples;
}

std::string DescribeDeliberation(const DeliberationOptions& options, TwoHopStrategy strategy) {
  switch (options.mode) {
    case DeliberationMode::kSingle:
      return std::string(TwoHopStrategyName(strategy));
    case DeliberationMode::kSelfConsistency:
      return fmt::format("self_consistency({} x {} at {:.2g})", TwoHopStrategyName(strategy),
                         options.samples, options.sample_temperature);
    case DeliberationMode::kDebate:
      break;
  }
  std::string agents;
  for (const AgentOptions& agent : options.agents) {
    if (!agents.empty()) agents += ", ";
    agents += DescribeAgent(agent);
  }
  return fmt::format("debate({}; {} rounds, trust {:.2g}, agreement {:.2g})", agents,
                     options.rounds, options.trust, options.enough_agreement);
}

std::unique_ptr<Strategy> MakeDeliberation(const DeliberationParts& parts,
                                           const DeliberationOptions& options,
                                           TwoHopStrategy strategy, const Clock& clock) {
  const AgentLimits limits{.propose = parts.propose, .trust = options.trust};
  std::vector<std::unique_ptr<DebateAgent>> agents;
  for (const AgentOptions& agent : ParticipantsOf(options, strategy)) {
    agents.push_back(MakeAgent(agent, parts, limits));
  }
  const bool debates = options.mode == DeliberationMode::kDebate;
  return MakeDebate(std::move(agents), parts.tools.space, clock,
                    {.rounds = debates ? options.rounds : 0,
                     .enough_agreement = options.enough_agreement,
                     .propose = parts.propose});
}

}  // namespace twohop
