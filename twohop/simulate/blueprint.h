// Everything a community is generated from, but for the seed.

#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/simulate/assortment.h"
#include "twohop/simulate/lifestyle.h"

namespace twohop {

struct CommunityBlueprint {
  std::shared_ptr<const Taxonomy> taxonomy;  // Never null.
  Assortment assortment;                     // Of this taxonomy.
  std::vector<Lifestyle> lifestyles;         // At least one.
};

// Loads lifestyles.jsonl, products.tsv and brands.tsv of `folder`; see data/README.md.
//
// Errors: those of LoadLifestyles and LoadAssortment.
Result<CommunityBlueprint> LoadBlueprint(std::shared_ptr<const Taxonomy> taxonomy,
                                         const std::filesystem::path& folder);

}  // namespace twohop
