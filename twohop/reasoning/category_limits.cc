#include "twohop/reasoning/category_limits.h"

namespace twohop {

std::vector<CategoryIndex> FirstWithinLimits(std::span<const CategoryIndex> order,
                                             const Taxonomy& taxonomy,
                                             const ProposeOptions& limits) {
  std::vector<std::size_t> per_level1(taxonomy.level1_count());
  std::vector<CategoryIndex> first;
  for (const CategoryIndex category : order) {
    if (first.size() == limits.max_proposals) break;
    std::size_t& count = per_level1[taxonomy.level1_of(category).value()];
    if (count == limits.max_per_level1) continue;
    ++count;
    first.push_back(category);
  }
  return first;
}

}  // namespace twohop
