#include "twohop/domain/debate_record.h"

#include <array>

namespace twohop {
namespace {

constexpr std::array kStances{DebateStance::kProposes, DebateStance::kKeeps, DebateStance::kAdopts,
                              DebateStance::kDrops, DebateStance::kRefuses};

bool IsFlip(DebateStance stance) {
  return stance == DebateStance::kAdopts || stance == DebateStance::kDrops;
}

}  // namespace

std::string_view DebateStanceName(DebateStance stance) {
  switch (stance) {
    case DebateStance::kProposes:
      return "proposes";
    case DebateStance::kKeeps:
      return "keeps";
    case DebateStance::kAdopts:
      return "adopts";
    case DebateStance::kDrops:
      return "drops";
    case DebateStance::kRefuses:
      return "refuses";
  }
  return "unknown";
}

std::optional<DebateStance> FindDebateStance(std::string_view name) {
  for (const DebateStance stance : kStances) {
    if (DebateStanceName(stance) == name) return stance;
  }
  return std::nullopt;
}

std::size_t CountFlips(const DebateRecord& record) {
  std::size_t flips = 0;
  for (const DebateRound& round : record.rounds) {
    for (const DebateTurn& turn : round.turns) {
      for (const DebateStatement& said : turn.statements) flips += IsFlip(said.stance) ? 1 : 0;
    }
  }
  return flips;
}

}  // namespace twohop
