// How simulated people live: what they visibly click, what else they would want, how they ask.

#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/ids.h"
#include "twohop/domain/taxonomy.h"

namespace twohop {

// Written independently of any reasoning trace, so that what a recommender finds can be judged
// against it.
struct Lifestyle {
  std::string id;                      // "first-time-camper"
  std::string name;                    // "First-time camper"
  std::vector<std::string> ages;       // Typical age groups; at least one.
  double female_share = 0.5;           // In [0, 1].
  std::vector<CategoryIndex> core;     // Clicked from the first day; one or two level-1 categories.
  std::vector<CategoryIndex> related;  // Wanted too; none shares its level-1 with `core`.
  std::vector<std::string> hints;      // Searches that point at the need behind; at least one.
};

// Reads {"id", "name", "ages", "female_share"?, "core", "related", "hints"}; categories are given
// by the names that Taxonomy::FindByName knows.
//
// Errors: kInvalidArgument if a field is missing or of the wrong type, a category is unknown or
// listed twice, or a promise of Lifestyle's comments is broken; the message names it.
Result<Lifestyle> ParseLifestyle(std::string_view json, const Taxonomy& taxonomy);

// One JSON object a line; empty lines are skipped.
//
// Errors: those of ParseLifestyle, with "<file>:<line>" in front; kInvalidArgument if an id occurs
// twice or there is no lifestyle; kNotFound if there is no such file; kUnavailable if it cannot be
// read.
Result<std::vector<Lifestyle>> LoadLifestyles(const std::filesystem::path& file,
                                              const Taxonomy& taxonomy);

}  // namespace twohop
