// What agents said to each other before interests were agreed on.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/json.h"
#include "twohop/base/result.h"

namespace twohop {

struct DebateParticipant {
  std::string name;
  std::string strategy;        // TwoHopStrategyName.
  std::string model;           // As the server names it.
  std::string prompt_version;  // Empty if it asks no language model.
  std::string persona;         // May be empty.
  double temperature = 0.0;
  std::uint64_t seed = 0;
  double weight = 1.0;  // Of its votes; above 0.

  friend bool operator==(const DebateParticipant&, const DebateParticipant&) = default;
};

enum class DebateStance : std::uint8_t {
  kProposes,  // Named it alone.
  kKeeps,     // Named it before, and still does.
  kAdopts,    // Takes it over from others.
  kDrops,     // Named it before, and no longer does.
  kRefuses,   // Others name it; this agent sees no way there.
};

std::string_view DebateStanceName(DebateStance stance);  // "adopts"
std::optional<DebateStance> FindDebateStance(std::string_view name);

// What one agent says about one category in one round.
struct DebateStatement {
  DebateStance stance = DebateStance::kProposes;
  std::string category_id;
  std::string category_label;
  std::string demand;  // Behind it, as this agent sees it; empty where it sees none.
  std::string reason;  // One clause, in words.

  friend bool operator==(const DebateStatement&, const DebateStatement&) = default;
};

// What one agent said in one round.
struct DebateTurn {
  std::size_t agent = 0;  // Position in DebateRecord::agents.
  std::vector<DebateStatement> statements;
  std::string failure;  // Why it did not answer; it counts as silent then. Empty: it answered.
  std::uint64_t prompt_tokens = 0;
  std::uint64_t completion_tokens = 0;

  friend bool operator==(const DebateTurn&, const DebateTurn&) = default;
};

struct DebateRound {
  std::vector<DebateTurn> turns;  // By agent; in one round none knows what the others say in it.
  // Mean over pairs of agents of the Jaccard index of the categories that they stand for, in
  // [0, 1]; 1 if fewer than two agents spoke.
  double agreement = 0.0;

  friend bool operator==(const DebateRound&, const DebateRound&) = default;
};

// Who stood for a category in the end.
struct DebateVote {
  std::string category_id;
  std::string category_label;
  std::vector<std::size_t> agents;  // Ascending.
  bool elected = false;             // It was proposed to the filters.

  friend bool operator==(const DebateVote&, const DebateVote&) = default;
};

// The minutes of one debate about one user. Contains what the user searched for, in the demands.
struct DebateRecord {
  std::vector<DebateParticipant> agents;
  std::vector<DebateRound> rounds;  // The first one: each agent alone.
  std::vector<DebateVote> votes;    // Most votes first.
  bool stopped_early = false;       // The agents agreed before the last round.
  TimePoint time;

  friend bool operator==(const DebateRecord&, const DebateRecord&) = default;
};

// Times that an agent took a category over or dropped one.
std::size_t CountFlips(const DebateRecord& record);

Json DebateToJson(const DebateRecord& record);

// What DebateToJson wrote.
//
// Errors: kInvalidArgument, naming the field, if one is absent or of another type, or an agent's
// number is not one of `agents`.
Result<DebateRecord> DebateFromJson(const Json& json);

// The minutes as a conversation: who the agents are, what each says round by round, who voted for
// what. Several lines.
std::string DebateInWords(const DebateRecord& record);

}  // namespace twohop
