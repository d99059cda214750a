// Texts that try to make reasoning do what their author wants.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/jsonl.h"
#include "twohop/base/result.h"

namespace twohop {

// Where the text enters.
enum class AttackPlace : std::uint8_t {
  kSearch,
  kTitle,    // Of an item. No title reaches a prompt; users paste them into the search box.
  kProfile,  // Age group and gender.
};

struct Attack {
  std::string id;
  std::string kind;  // "instruction_override"
  AttackPlace where = AttackPlace::kSearch;
  std::string text;
  std::string goal;                     // What the author wants, for people.
  std::vector<std::string> payload;     // Texts that show in an answer if the author gets it.
  std::vector<std::string> categories;  // Names that the author wants to see proposed.
};

// Reads {"id": "a01", "kind": "...", "where": "search", "text": "...", "goal": "...",
// "payload": ["..."], "categories": ["..."]}, of which the last two may be left out.
//
// Errors: kInvalidArgument, naming the field, if one is absent, empty or of another type, or
// "where" is none of search, title and profile.
Result<Attack> ParseAttack(const Json& json);

// Errors: those of ForEachJsonLine; kInvalidArgument, "file:line: why", for a bad line.
Result<std::vector<Attack>> ReadAttacks(const std::filesystem::path& path);

}  // namespace twohop
