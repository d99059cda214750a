// How new, how varied and how wanted recalled items are.
//
// Categories come as their indices alone, so that whoever has lists of items can feed them in. An
// item is novel to a user if its level-1 category is not among those that the user clicked lately
// (the last 200 clicks).

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "twohop/base/rng.h"
#include "twohop/domain/ids.h"

namespace twohop {

struct ListedItem {
  CategoryIndex category;
  Level1Index level1;  // Of `category`.

  friend bool operator==(const ListedItem&, const ListedItem&) = default;
};

// What one user was given. Lists without items count in every average that says "lists".
struct ItemList {
  std::vector<ListedItem> items;            // In the order of the list.
  std::vector<Level1Index> clicked_level1;  // Of the user's last 200 clicks; in any order.
  std::vector<CategoryIndex> hidden;        // What the user would click too, where it is known.
};

bool IsNovel(const ItemList& list, const ListedItem& item);
std::size_t CountNovel(const ItemList& list);

// Rates in [0, 1]; larger is newer.
struct NoveltyRate {
  std::size_t lists = 0;
  std::size_t items = 0;
  std::size_t novel_items = 0;
  double of_items = 0.0;  // novel_items / items; 0 without items.
  double of_lists = 0.0;  // Mean over lists of the list's own rate, which is 0 for an empty list.
};
NoveltyRate MeasureNovelty(std::span<const ItemList> lists);

// Means over lists that have items; larger is more varied. Entropy is that of the shares of the
// categories within a list, in bits.
struct Diversity {
  std::size_t lists = 0;  // That have items.
  double distinct_level1 = 0.0;
  double distinct_level3 = 0.0;
  double level1_entropy_bits = 0.0;
  double level3_entropy_bits = 0.0;
};
Diversity MeasureDiversity(std::span<const ItemList> lists);

// How many hidden interests a list meets; larger is better. Only users who have one count.
struct HiddenHits {
  std::size_t users = 0;         // With at least one hidden interest.
  std::size_t users_hit = 0;     // Whose list has an item of at least one of them.
  std::size_t hidden = 0;        // Hidden interests of these users, ...
  std::size_t hidden_found = 0;  // ... of which an item is in the list.
  std::size_t novel_items = 0;   // In the lists of these users, ...
  std::size_t novel_hits = 0;    // ... of a hidden interest.
  double user_hit_rate = 0.0;    // users_hit / users; 0 without users.
  double interest_recall = 0.0;  // hidden_found / hidden; 0 without hidden interests.
  double novel_precision = 0.0;  // novel_hits / novel_items; 0 without novel items.
};
HiddenHits MeasureHiddenHits(std::span<const ItemList> lists);

// The baseline that has to be beaten: for each list one for the same user with `count` different
// items, drawn evenly from the items of `catalogue` that are novel to the user; fewer if there are
// fewer. Takes O(lists * catalogue).
std::vector<ItemList> DrawRandomNovelLists(std::span<const ItemList> lists,
                                           std::span<const ListedItem> catalogue, std::size_t count,
                                           Rng& rng);

// The same with as many items as each list has novel ones, so that a short list is compared with a
// short one.
std::vector<ItemList> DrawMatchingRandomLists(std::span<const ItemList> lists,
                                              std::span<const ListedItem> catalogue, Rng& rng);

}  // namespace twohop
