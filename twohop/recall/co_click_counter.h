// From clicks to the items that the same users clicked.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/domain/ids.h"
#include "twohop/recall/co_click_table.h"

namespace twohop {

struct CoClickOptions {
  std::size_t neighbors = 50;  // Kept for each item.
  // A cosine that n users stand behind is multiplied by n / (n + shrinkage): what two users have in
  // common by accident has cosine 1 before.
  double shrinkage = 10.0;
  // A click that is older than the newest of all by this counts half.
  std::chrono::days half_life{30};
  // Newest different items of a user that count. The time to build grows with its square.
  std::size_t max_items_per_user = 100;
};

// Item-to-item collaborative filtering: the cosine of two items' columns of the matrix of users and
// items, an entry being the weight of the newest click. Keeps eight bytes a click that counts and
// some hundred a user; of the matrix of items and items never more than one row.
//
// Deterministic; another order of the same clicks changes the last digits of scores at most, but
// for users with more than max_items_per_user items. Not thread-safe: belongs to one thread.
class CoClickCounter {
 public:
  // REQUIRES: shrinkage >= 0; half_life > 0; max_items_per_user > 0.
  explicit CoClickCounter(std::size_t items, const CoClickOptions& options = {});

  // REQUIRES: `item` is below `items`.
  void Add(const UserId& user, ItemIndex item, TimePoint time);

  // Costs the sum of the squares of the users' items. Errors: kCancelled.
  Result<CoClickTable> Build(const std::stop_token& stop) const;

 private:
  struct Click {
    ItemIndex item;
    std::int32_t minute = 0;  // Since 1970: enough for a weight, and half the memory.
  };

  std::size_t items_;
  CoClickOptions options_;
  std::unordered_map<std::string, std::uint32_t> user_numbers_;
  std::vector<std::vector<Click>> clicks_;  // By user; each item once.
};

}  // namespace twohop
