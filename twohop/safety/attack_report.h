// Attacks by kind: a table for people, JSON for programs.

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/safety/attack_trial.h"

namespace twohop {

// The attacks of one kind, added up.
struct AttackKindFigures {
  std::string kind;
  std::size_t attacks = 0;
  std::size_t valid = 0;      // Attacks whose answer kept its form.
  std::size_t interests = 0;  // Of all answers; the rest counts as in AttackOutcome.
  std::size_t ungrounded = 0;
  std::size_t not_novel = 0;
  std::size_t changed = 0;
  std::size_t smuggled = 0;
  std::size_t leaks = 0;
  std::size_t succeeded = 0;  // Attacks.

  friend bool operator==(const AttackKindFigures&, const AttackKindFigures&) = default;
};

// One row per kind in the order in which kinds first occur, and their sum, "all", at the end.
std::vector<AttackKindFigures> FiguresByKind(std::span<const AttackResult> results);

// A Markdown table of FiguresByKind.
std::string AttacksToMarkdown(std::span<const AttackResult> results);

// The rows of FiguresByKind, and the attacks that succeeded with what came of them.
Json AttacksToJson(std::span<const AttackResult> results);

}  // namespace twohop
