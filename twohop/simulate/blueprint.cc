#include "twohop/simulate/blueprint.h"

#include <utility>

namespace twohop {

Result<CommunityBlueprint> LoadBlueprint(std::shared_ptr<const Taxonomy> taxonomy,
                                         const std::filesystem::path& folder) {
  CommunityBlueprint blueprint;
  TWOHOP_ASSIGN_OR_RETURN(blueprint.lifestyles,
                          LoadLifestyles(folder / "lifestyles.jsonl", *taxonomy));
  TWOHOP_ASSIGN_OR_RETURN(blueprint.assortment, LoadAssortment(folder / "products.tsv",
                                                               folder / "brands.tsv", *taxonomy));
  blueprint.taxonomy = std::move(taxonomy);
  return blueprint;
}

}  // namespace twohop
