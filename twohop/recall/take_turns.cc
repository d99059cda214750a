#include "twohop/recall/take_turns.h"

#include <algorithm>
#include <unordered_set>

namespace twohop::recall_internal {

std::vector<Candidate> TakeTurns(std::span<const std::vector<Candidate>> lists, std::size_t limit) {
  std::vector<Candidate> taken;
  std::unordered_set<ItemIndex> seen;
  std::vector<std::size_t> next(lists.size(), 0);
  bool left = true;
  while (left && taken.size() < limit) {
    left = false;
    for (std::size_t list = 0; list < lists.size() && taken.size() < limit; ++list) {
      std::size_t& at = next[list];
      while (at < lists[list].size() && seen.contains(lists[list][at].item)) ++at;
      if (at == lists[list].size()) continue;
      seen.insert(lists[list][at].item);
      taken.push_back(lists[list][at++]);
      left = true;
    }
  }
  return taken;
}

}  // namespace twohop::recall_internal
