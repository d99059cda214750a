#include <utility>

#include <fmt/format.h>

#include "twohop/base/time_format.h"
#include "twohop/domain/debate_record.h"

namespace twohop {
namespace {

Json ToJson(const DebateParticipant& agent) {
  return {{"name", agent.name},       {"strategy", agent.strategy},
          {"model", agent.model},     {"prompt_version", agent.prompt_version},
          {"persona", agent.persona}, {"temperature", agent.temperature},
          {"seed", agent.seed},       {"weight", agent.weight}};
}

Json ToJson(const DebateStatement& said) {
  return {{"stance", DebateStanceName(said.stance)},
          {"category", said.category_id},
          {"label", said.category_label},
          {"demand", said.demand},
          {"reason", said.reason}};
}

Json ToJson(const DebateTurn& turn);
Json ToJson(const DebateRound& round);
Json ToJson(const DebateVote& vote) {
  return {{"category", vote.category_id},
          {"label", vote.category_label},
          {"agents", vote.agents},
          {"elected", vote.elected}};
}

template <typename T>
Json ListToJson(const std::vector<T>& values) {
  Json list = Json::array();
  for (const T& value : values) list.push_back(ToJson(value));
  return list;
}

Json ToJson(const DebateTurn& turn) {
  Json json = {{"agent", turn.agent},
               {"statements", ListToJson(turn.statements)},
               {"prompt_tokens", turn.prompt_tokens},
               {"completion_tokens", turn.completion_tokens}};
  if (!turn.failure.empty()) json["failure"] = turn.failure;
  return json;
}

Json ToJson(const DebateRound& round) {
  return {{"turns", ListToJson(round.turns)}, {"agreement", round.agreement}};
}

// Reads one record; knows how many agents there are.
class Reader {
 public:
  Result<DebateRecord> Read(const Json& json) {
    DebateRecord record;
    TWOHOP_ASSIGN_OR_RETURN(record.agents, List<DebateParticipant>(json, "agents"));
    agents_ = record.agents.size();
    TWOHOP_ASSIGN_OR_RETURN(record.rounds, List<DebateRound>(json, "rounds"));
    TWOHOP_ASSIGN_OR_RETURN(record.votes, List<DebateVote>(json, "votes"));
    TWOHOP_ASSIGN_OR_RETURN(record.stopped_early, OptionalBool(json, "stopped_early", false));
    TWOHOP_ASSIGN_OR_RETURN(const std::string time, RequireString(json, "time"));
    TWOHOP_ASSIGN_OR_RETURN(record.time, ParseTime(time));
    return record;
  }

 private:
  template <typename T>
  Result<std::vector<T>> List(const Json& json, const char* field) {
    const auto list = json.is_object() ? json.find(field) : json.end();
    if (list == json.end() || !list->is_array()) {
      return InvalidArgument(fmt::format("\"{}\" must be a list", field));
    }
    std::vector<T> values;
    for (std::size_t i = 0; i < list->size(); ++i) {
      T value{};
      const Status status = Fill((*list)[i], value);
      if (!status.has_value()) {
        return InvalidArgument(fmt::format("{}[{}]: {}", field, i, status.error().message()));
      }
      values.push_back(std::move(value));
    }
    return values;
  }

  static Result<std::uint64_t> Number(const Json& json, const char* field) {
    TWOHOP_ASSIGN_OR_RETURN(const std::int64_t number, OptionalInteger(json, field, 0));
    if (number < 0) return InvalidArgument(fmt::format("\"{}\" must not be negative", field));
    return static_cast<std::uint64_t>(number);
  }

  Status CheckAgent(std::size_t agent) const {
    if (agent < agents_) return Ok();
    return InvalidArgument(fmt::format("agent {} of {}", agent, agents_));
  }

  static Status Fill(const Json& json, DebateParticipant& agent) {
    TWOHOP_ASSIGN_OR_RETURN(agent.name, RequireString(json, "name"));
    TWOHOP_ASSIGN_OR_RETURN(agent.strategy, RequireString(json, "strategy"));
    TWOHOP_ASSIGN_OR_RETURN(agent.model, OptionalString(json, "model"));
    TWOHOP_ASSIGN_OR_RETURN(agent.prompt_version, OptionalString(json, "prompt_version"));
    TWOHOP_ASSIGN_OR_RETURN(agent.persona, OptionalString(json, "persona"));
    TWOHOP_ASSIGN_OR_RETURN(agent.temperature, OptionalNumber(json, "temperature", 0.0));
    TWOHOP_ASSIGN_OR_RETURN(agent.seed, Number(json, "seed"));
    TWOHOP_ASSIGN_OR_RETURN(agent.weight, OptionalNumber(json, "weight", 1.0));
    return Ok();
  }

  static Status Fill(const Json& json, DebateStatement& said) {
    TWOHOP_ASSIGN_OR_RETURN(const std::string stance, RequireString(json, "stance"));
    const auto known = FindDebateStance(stance);
    if (!known) return InvalidArgument(fmt::format("unknown stance \"{}\"", stance));
    said.stance = *known;
    TWOHOP_ASSIGN_OR_RETURN(said.category_id, RequireString(json, "category"));
    TWOHOP_ASSIGN_OR_RETURN(said.category_label, RequireString(json, "label"));
    TWOHOP_ASSIGN_OR_RETURN(said.demand, OptionalString(json, "demand"));
    TWOHOP_ASSIGN_OR_RETURN(said.reason, OptionalString(json, "reason"));
    return Ok();
  }

  Status Fill(const Json& json, DebateTurn& turn) {
    TWOHOP_ASSIGN_OR_RETURN(turn.agent, Number(json, "agent"));
    TWOHOP_RETURN_IF_ERROR(CheckAgent(turn.agent));
    TWOHOP_ASSIGN_OR_RETURN(turn.statements, List<DebateStatement>(json, "statements"));
    TWOHOP_ASSIGN_OR_RETURN(turn.failure, OptionalString(json, "failure"));
    TWOHOP_ASSIGN_OR_RETURN(turn.prompt_tokens, Number(json, "prompt_tokens"));
    TWOHOP_ASSIGN_OR_RETURN(turn.completion_tokens, Number(json, "completion_tokens"));
    return Ok();
  }

  Status Fill(const Json& json, DebateRound& round) {
    TWOHOP_ASSIGN_OR_RETURN(round.turns, List<DebateTurn>(json, "turns"));
    TWOHOP_ASSIGN_OR_RETURN(round.agreement, OptionalNumber(json, "agreement", 0.0));
    return Ok();
  }

  Status Fill(const Json& json, DebateVote& vote) {
    TWOHOP_ASSIGN_OR_RETURN(vote.category_id, RequireString(json, "category"));
    TWOHOP_ASSIGN_OR_RETURN(vote.category_label, RequireString(json, "label"));
    TWOHOP_ASSIGN_OR_RETURN(vote.elected, OptionalBool(json, "elected", false));
    TWOHOP_ASSIGN_OR_RETURN(vote.agents, List<std::size_t>(json, "agents"));
    return Ok();
  }

  Status Fill(const Json& json, std::size_t& agent) const {
    if (!json.is_number_unsigned()) return InvalidArgument("must be an agent's number");
    agent = json.get<std::size_t>();
    return CheckAgent(agent);
  }

  std::size_t agents_ = 0;
};

}  // namespace

Json DebateToJson(const DebateRecord& record) {
  return {{"agents", ListToJson(record.agents)},
          {"rounds", ListToJson(record.rounds)},
          {"votes", ListToJson(record.votes)},
          {"stopped_early", record.stopped_early},
          {"time", FormatTime(record.time)}};
}

Result<DebateRecord> DebateFromJson(const Json& json) { return Reader().Read(json); }

}  // namespace twohop
