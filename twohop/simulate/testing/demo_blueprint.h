// The demo community's own data, and a blueprint small enough to reason about.

#pragma once

#include <filesystem>
#include <memory>

#include "twohop/domain/taxonomy.h"
#include "twohop/simulate/blueprint.h"

namespace twohop {

// Loads taxonomy.tsv of `folder` and the rest of the blueprint. Stops the process if that fails.
CommunityBlueprint LoadDemoBlueprint(const std::filesystem::path& folder);

// Six level-1 categories "A" to "F" with two level-3 categories each: "A1" (id "a1"), "A2" ...;
// each has the terms "buy a1", "cheap a1" and the tags "a1 soft", "a1 hard", "a1 round". Lifestyle
// "x" has the core A1, A2 and would like B1, C1 and D1; lifestyle "y" the core E1 and would like
// A1, F1.
CommunityBlueprint MakeTinyBlueprint();

}  // namespace twohop
