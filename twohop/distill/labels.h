// Users whose good answers are known: what a model is judged by.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "twohop/base/json.h"
#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/reasoning/interest_generator.h"

namespace twohop {

// The scale of arXiv 2508.04032: 2 = new to the user, and a demand behind the searches plainly
// calls for it; 1 = new, but the path is weak or a stretch; 0 = anything else.
enum class Score : std::uint8_t { k0 = 0, k1 = 1, k2 = 2 };
inline constexpr std::size_t kScoreCount = 3;

struct LabelledUser {
  UserContext user;
  // No search is of a category that a training search is of.
  bool unseen = false;
  std::vector<std::string> demands;    // In the judge's words.
  std::vector<CategoryIndex> score_2;  // A closed list: what is neither here ...
  std::vector<CategoryIndex> score_1;  // ... nor here deserves 0.

  Score ScoreOf(CategoryIndex category) const;
};

// Reads a user as ParseTrace does, with "score_2" and "score_1" (names of categories), and
// optionally "unseen" and "demands" (texts).
//
// Errors: as ParseTrace; kInvalidArgument if a category is in both lists.
Result<LabelledUser> ParseLabelledUser(const Json& json, const Taxonomy& taxonomy);

// Labels must be right: one bad line fails all.
//
// Errors: those of ForEachJsonLine and of RequireAllRows.
Result<std::vector<LabelledUser>> ReadLabels(const std::filesystem::path& path,
                                             const Taxonomy& taxonomy);

}  // namespace twohop
