#include "twohop/recall/newest_clicked.h"

#include <algorithm>

namespace twohop::recall_internal {

std::vector<ItemIndex> NewestClicked(std::span<const ItemIndex> history, std::size_t limit) {
  std::vector<ItemIndex> items;
  for (const ItemIndex item : history) {
    if (items.size() == limit) break;
    if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(item);
  }
  return items;
}

}  // namespace twohop::recall_internal
