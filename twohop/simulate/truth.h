// What is true of simulated users, for evaluation alone: no part of the system that recommends may
// read it.

#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/ids.h"
#include "twohop/domain/taxonomy.h"

namespace twohop {

struct UserTruth {
  UserId user;
  std::vector<std::string> lifestyles;  // Ids.
  std::vector<CategoryIndex> bubble;    // Interests that show in the clicks.
  // Interests that do not: would be clicked if shown. The user clicked nothing in their level-1
  // categories.
  std::vector<CategoryIndex> hidden;
  // Were hidden, until the feed's exploration led to a click in their level-1 category.
  std::vector<CategoryIndex> found;
};

// Errors: kInvalidArgument if a field is missing or of the wrong type, or a category id is unknown;
// the message names it.
Result<UserTruth> ParseTruth(std::string_view json, const Taxonomy& taxonomy);

// One JSON object a line, kept in their order; empty lines are skipped.
//
// Errors: those of ParseTruth, with "<file>:<line>" in front; kNotFound if there is no such file;
// kUnavailable if it cannot be read.
Result<std::vector<UserTruth>> LoadTruth(const std::filesystem::path& file,
                                         const Taxonomy& taxonomy);

}  // namespace twohop
