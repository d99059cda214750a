// How prompts put who a user is and what they know.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "twohop/domain/taxonomy.h"
#include "twohop/domain/user.h"

namespace twohop {

// Age group and gender, cleaned, cut and quoted: they are untrusted. "not known" if both are empty.
std::string ProfileText(const UserProfile& profile);

// The names of the level-1 categories that are marked (by Level1Index), separated by commas;
// `if_none` if none is. Names that the taxonomy does not have cannot occur.
std::string Level1Text(const Taxonomy& taxonomy, const std::vector<bool>& marked,
                       std::string_view if_none);

// A line per search: its number from 1, and the search quoted.
std::string NumberedSearches(const std::vector<std::string>& searches);

}  // namespace twohop
