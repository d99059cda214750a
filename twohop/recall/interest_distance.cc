#include "twohop/recall/interest_distance.h"

#include <algorithm>

#include <fmt/format.h>

namespace twohop::recall_internal {

std::size_t Distance(const Catalog& catalog, const LiveInterest& interest, ItemIndex item) {
  const CategoryIndex category = catalog.at(item).category;
  if (category == interest.category) return 0;
  const Taxonomy& taxonomy = catalog.taxonomy();
  if (taxonomy.level1_of(category) != interest.level1) return 2;
  return taxonomy.at(category).level2 == taxonomy.at(interest.category).level2 ? 1 : 2;
}

std::string InterestReason(const ChannelInput& input, const Candidate& candidate) {
  const auto interest = std::ranges::find(input.interests, candidate.interest.value(),
                                          [](const LiveInterest& live) { return live.position; });
  const Catalog& catalog = input.bundle.catalog();
  std::string path = PathInWords(*interest->interest);
  if (Distance(catalog, *interest, candidate.item) == 0) return path;
  const CategoryIndex category = catalog.at(candidate.item).category;
  return fmt::format("{} (near it: {})", path, catalog.taxonomy().label(category));
}

}  // namespace twohop::recall_internal
