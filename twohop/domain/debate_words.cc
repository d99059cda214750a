#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "twohop/domain/debate_record.h"

namespace twohop {
namespace {

constexpr std::size_t kLineWidth = 100;
constexpr std::size_t kNameWidth = 10;

// A character of UTF-8 is one column.
std::size_t ColumnsOf(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

// "  Name      text", the text in lines below each other.
std::string Paragraph(std::string_view name, std::string_view text) {
  const std::string indent(2 + kNameWidth, ' ');
  std::string out = fmt::format("  {:<{}}", name, kNameWidth);
  std::size_t column = std::max(indent.size(), 2 + ColumnsOf(name));
  bool line_is_empty = true;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    const std::size_t columns = ColumnsOf(word);
    if (!line_is_empty && column + 1 + columns > kLineWidth) {
      out += '\n' + indent;
      column = indent.size();
      line_is_empty = true;
    }
    if (!line_is_empty) out += ' ';
    column += columns + (line_is_empty ? 0 : 1);
    line_is_empty = false;
    out += word;
  }
  return out + '\n';
}

// "a", "a and b", "a, b and c".
std::string InARow(std::span<const std::string> texts) {
  std::string row;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) row += i + 1 == texts.size() ? " and " : ", ";
    row += texts[i];
  }
  return row;
}

// What an agent knows, for a person who does not know the strategies' names.
std::string_view Knowledge(std::string_view strategy) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kKnowledge{
      {{"shared_edges", "knows what a teacher wrote down for all users"},
       {"interest_gpt", "knows the teacher's edges, and asks a tuned model beyond them"},
       {"hop_by_hop", "is a tuned model that walks hop by hop"},
       {"full_two_hop", "is a language model that thinks both hops at once"},
       {"demand_search", "names a demand and searches the shop for it"},
       {"embedding_only", "compares the words of searches with the shop's"}}};
  for (const auto& [name, words] : kKnowledge) {
    if (name == strategy) return words;
  }
  return strategy;
}

std::string Introduction(const DebateParticipant& agent) {
  std::string text(Knowledge(agent.strategy));
  text += fmt::format(" ({}", agent.strategy);
  if (!agent.prompt_version.empty()) text += fmt::format(", {}", agent.model);
  if (agent.temperature > 0) text += fmt::format(", temperature {:.2g}", agent.temperature);
  if (agent.weight != 1.0) text += fmt::format(", vote counts {:.2g}", agent.weight);
  text += ")";
  if (!agent.persona.empty()) text += ", " + agent.persona;
  return text;
}

// Statements of one stance that are told in one sentence: those with the same demand or, if they
// have no demand to tell, the same reason.
struct Remark {
  const DebateStatement* first;
  std::vector<std::string> categories;
};

bool BelongTogether(const DebateStatement& a, const DebateStatement& b) {
  return a.demand == b.demand && a.reason == b.reason;
}

std::vector<Remark> RemarksOf(DebateStance stance, std::span<const DebateStatement> statements) {
  std::vector<Remark> remarks;
  for (const DebateStatement& said : statements) {
    if (said.stance != stance) continue;
    const auto same = std::find_if(remarks.begin(), remarks.end(), [&](const Remark& remark) {
      return BelongTogether(*remark.first, said);
    });
    if (same == remarks.end()) {
      remarks.push_back({&said, {said.category_label}});
    } else {
      same->categories.push_back(said.category_label);
    }
  }
  return remarks;
}

std::string ForDemand(const Remark& remark) {
  if (remark.first->demand.empty()) return InARow(remark.categories);
  return fmt::format("{} for \"{}\"", InARow(remark.categories), remark.first->demand);
}

std::string WithReason(std::string sentence, const Remark& remark) {
  if (!remark.first->reason.empty()) sentence += ": " + remark.first->reason;
  return sentence + ".";
}

std::string Proposed(std::span<const Remark> remarks) {
  if (remarks.empty()) return {};
  std::vector<std::string> parts;
  for (const Remark& remark : remarks) {
    std::string part = ForDemand(remark);
    if (!remark.first->reason.empty()) part += fmt::format(" ({})", remark.first->reason);
    parts.push_back(std::move(part));
  }
  return fmt::format("I would show {}.", fmt::join(parts, "; "));
}

// What an agent still stands for is told once, in the round in which it came up; later rounds tell
// what changed.
std::string SpeechOf(const DebateTurn& turn) {
  std::vector<std::string> sentences;
  if (auto text = Proposed(RemarksOf(DebateStance::kProposes, turn.statements)); !text.empty()) {
    sentences.push_back(std::move(text));
  }
  for (const Remark& remark : RemarksOf(DebateStance::kAdopts, turn.statements)) {
    sentences.push_back(WithReason("I take up " + ForDemand(remark), remark));
  }
  for (const Remark& remark : RemarksOf(DebateStance::kDrops, turn.statements)) {
    sentences.push_back(WithReason("I give up " + InARow(remark.categories), remark));
  }
  for (const Remark& remark : RemarksOf(DebateStance::kRefuses, turn.statements)) {
    sentences.push_back(fmt::format("{}? {}.", InARow(remark.categories), remark.first->reason));
  }
  if (sentences.empty()) return "I stay with what I said.";
  return fmt::format("{}", fmt::join(sentences, " "));
}

std::string Voters(const DebateVote& vote, const DebateRecord& record) {
  std::vector<std::string> names;
  for (const std::size_t agent : vote.agents) names.push_back(record.agents[agent].name);
  return InARow(names);
}

std::string VotesInWords(const DebateRecord& record, bool elected) {
  std::vector<std::string> parts;
  for (const DebateVote& vote : record.votes) {
    if (vote.elected != elected) continue;
    parts.push_back(fmt::format("{} ({} of {}: {})", vote.category_label, vote.agents.size(),
                                record.agents.size(), Voters(vote, record)));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

std::string DebateInWords(const DebateRecord& record) {
  std::string text;
  for (const DebateParticipant& agent : record.agents) {
    text += Paragraph(agent.name, Introduction(agent));
  }
  for (std::size_t i = 0; i < record.rounds.size(); ++i) {
    const DebateRound& round = record.rounds[i];
    const std::string title = i == 0 ? "Each alone" : fmt::format("Round {}", i);
    text += fmt::format("{} (agreement {:.0f} %)\n", title, 100 * round.agreement);
    for (const DebateTurn& turn : round.turns) {
      const std::string& name = record.agents[turn.agent].name;
      text += Paragraph(
          name, turn.failure.empty() ? SpeechOf(turn) : fmt::format("(silent: {})", turn.failure));
    }
  }
  text +=
      fmt::format("Votes{}\n", record.stopped_early ? " (they agreed before the last round)" : "");
  if (const auto won = VotesInWords(record, true); !won.empty()) text += Paragraph("elected", won);
  if (const auto lost = VotesInWords(record, false); !lost.empty()) text += Paragraph("not", lost);
  return text;
}

}  // namespace twohop
