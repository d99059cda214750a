#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "twohop/domain/debate_record.h"

namespace twohop {
namespace {

using Out = std::back_insert_iterator<std::string>;

void Introduce(const DebateRecord& record, std::string& text) {
  for (const DebateParticipant& agent : record.agents) {
    fmt::format_to(Out(text), "  {:<10} {}", agent.name, agent.strategy);
    if (!agent.prompt_version.empty()) fmt::format_to(Out(text), " asks {}", agent.model);
    if (!agent.persona.empty()) fmt::format_to(Out(text), ", {}", agent.persona);
    if (agent.temperature > 0) fmt::format_to(Out(text), ", temperature {}", agent.temperature);
    text += '\n';
  }
}

std::string_view Mark(DebateStance stance) {
  switch (stance) {
    case DebateStance::kProposes:
      return "·";
    case DebateStance::kKeeps:
      return "=";
    case DebateStance::kAdopts:
      return "+";
    case DebateStance::kDrops:
      return "-";
    case DebateStance::kRefuses:
      return "x";
  }
  return "?";
}

void Tell(const DebateStatement& said, std::string& text) {
  fmt::format_to(Out(text), "    {} {}", Mark(said.stance), said.category_label);
  if (!said.demand.empty()) fmt::format_to(Out(text), "  ({})", said.demand);
  if (!said.reason.empty()) fmt::format_to(Out(text), ": {}", said.reason);
  text += '\n';
}

// What an agent still stands for is told once, in the round in which it came up; later rounds tell
// what changed.
bool IsNews(DebateStance stance) { return stance != DebateStance::kKeeps; }

void Tell(const DebateTurn& turn, const DebateRecord& record, std::string& text) {
  const std::string& name = record.agents[turn.agent].name;
  if (!turn.failure.empty()) {
    fmt::format_to(Out(text), "  {} is silent: {}\n", name, turn.failure);
    return;
  }
  const bool has_news = std::any_of(turn.statements.begin(), turn.statements.end(),
                                    [](const auto& said) { return IsNews(said.stance); });
  if (!has_news) {
    fmt::format_to(Out(text), "  {}: I stay with what I said.\n", name);
    return;
  }
  fmt::format_to(Out(text), "  {}:\n", name);
  for (const DebateStatement& said : turn.statements) {
    if (IsNews(said.stance)) Tell(said, text);
  }
}

void Count(const DebateVote& vote, const DebateRecord& record, std::string& text) {
  std::string names;
  for (const std::size_t agent : vote.agents) {
    if (!names.empty()) names += ", ";
    names += record.agents[agent].name;
  }
  fmt::format_to(Out(text), "  {} of {}  {}{}  ({})\n", vote.agents.size(), record.agents.size(),
                 vote.category_label, vote.elected ? "" : ", not elected", names);
}

}  // namespace

std::string DebateInWords(const DebateRecord& record) {
  std::string text = "Agents\n";
  Introduce(record, text);
  for (std::size_t i = 0; i < record.rounds.size(); ++i) {
    const DebateRound& round = record.rounds[i];
    const std::string title = i == 0 ? "Each alone" : fmt::format("Round {}", i);
    fmt::format_to(Out(text), "{} (agreement {:.0f} %)\n", title, 100 * round.agreement);
    for (const DebateTurn& turn : round.turns) Tell(turn, record, text);
  }
  fmt::format_to(Out(text), "Votes{}\n",
                 record.stopped_early ? " (they agreed before the last round)" : "");
  for (const DebateVote& vote : record.votes) Count(vote, record, text);
  return text;
}

}  // namespace twohop
