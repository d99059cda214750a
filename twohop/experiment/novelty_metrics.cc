#include "twohop/experiment/novelty_metrics.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace twohop {
namespace {

template <typename Value>
bool Contains(const std::vector<Value>& values, const Value& value) {
  return std::ranges::find(values, value) != values.end();
}

double Ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

struct Variety {
  double distinct = 0.0;
  double entropy_bits = 0.0;
};

// Of `key` over the items, of which there is at least one.
template <typename Key>
Variety Measure(const std::vector<ListedItem>& items, Key ListedItem::*key) {
  std::map<Key, std::size_t> counts;
  for (const ListedItem& item : items) ++counts[item.*key];
  Variety variety{.distinct = static_cast<double>(counts.size()), .entropy_bits = 0.0};
  for (const auto& [value, count] : counts) {
    const double share = Ratio(count, items.size());
    variety.entropy_bits -= share * std::log2(share);
  }
  return variety;
}

void AddHits(const ItemList& list, HiddenHits& hits) {
  std::set<CategoryIndex> found;
  for (const ListedItem& item : list.items) {
    const bool hit = Contains(list.hidden, item.category);
    if (hit) found.insert(item.category);
    if (!IsNovel(list, item)) continue;
    ++hits.novel_items;
    hits.novel_hits += hit ? 1 : 0;
  }
  ++hits.users;
  hits.users_hit += found.empty() ? 0 : 1;
  hits.hidden += std::set(list.hidden.begin(), list.hidden.end()).size();
  hits.hidden_found += found.size();
}

// A partial Fisher-Yates shuffle: the first `count` places of the novel items.
ItemList DrawRandomNovelList(const ItemList& list, std::span<const ListedItem> catalogue,
                             std::size_t count, Rng& rng) {
  ItemList drawn{.items = {}, .clicked_level1 = list.clicked_level1, .hidden = list.hidden};
  std::ranges::copy_if(catalogue, std::back_inserter(drawn.items),
                       [&](const ListedItem& item) { return IsNovel(list, item); });
  count = std::min(count, drawn.items.size());
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(drawn.items[i], drawn.items[i + rng.Below(drawn.items.size() - i)]);
  }
  drawn.items.resize(count);
  return drawn;
}

}  // namespace

bool IsNovel(const ItemList& list, const ListedItem& item) {
  return !Contains(list.clicked_level1, item.level1);
}

std::size_t CountNovel(const ItemList& list) {
  return static_cast<std::size_t>(std::ranges::count_if(
      list.items, [&](const ListedItem& item) { return IsNovel(list, item); }));
}

NoveltyRate MeasureNovelty(std::span<const ItemList> lists) {
  NoveltyRate rate;
  rate.lists = lists.size();
  double sum = 0.0;
  for (const ItemList& list : lists) {
    const std::size_t novel = CountNovel(list);
    rate.items += list.items.size();
    rate.novel_items += novel;
    sum += Ratio(novel, list.items.size());
  }
  rate.of_items = Ratio(rate.novel_items, rate.items);
  rate.of_lists = lists.empty() ? 0.0 : sum / static_cast<double>(lists.size());
  return rate;
}

Diversity MeasureDiversity(std::span<const ItemList> lists) {
  Diversity sum;
  for (const ItemList& list : lists) {
    if (list.items.empty()) continue;
    ++sum.lists;
    const Variety level1 = Measure(list.items, &ListedItem::level1);
    const Variety level3 = Measure(list.items, &ListedItem::category);
    sum.distinct_level1 += level1.distinct;
    sum.distinct_level3 += level3.distinct;
    sum.level1_entropy_bits += level1.entropy_bits;
    sum.level3_entropy_bits += level3.entropy_bits;
  }
  if (sum.lists == 0) return sum;
  for (double* value : {&sum.distinct_level1, &sum.distinct_level3, &sum.level1_entropy_bits,
                        &sum.level3_entropy_bits}) {
    *value /= static_cast<double>(sum.lists);
  }
  return sum;
}

HiddenHits MeasureHiddenHits(std::span<const ItemList> lists) {
  HiddenHits hits;
  for (const ItemList& list : lists) {
    if (!list.hidden.empty()) AddHits(list, hits);
  }
  hits.user_hit_rate = Ratio(hits.users_hit, hits.users);
  hits.interest_recall = Ratio(hits.hidden_found, hits.hidden);
  hits.novel_precision = Ratio(hits.novel_hits, hits.novel_items);
  return hits;
}

std::vector<ItemList> DrawRandomNovelLists(std::span<const ItemList> lists,
                                           std::span<const ListedItem> catalogue, std::size_t count,
                                           Rng& rng) {
  std::vector<ItemList> drawn;
  drawn.reserve(lists.size());
  for (const ItemList& list : lists) {
    drawn.push_back(DrawRandomNovelList(list, catalogue, count, rng));
  }
  return drawn;
}

std::vector<ItemList> DrawMatchingRandomLists(std::span<const ItemList> lists,
                                              std::span<const ListedItem> catalogue, Rng& rng) {
  std::vector<ItemList> drawn;
  drawn.reserve(lists.size());
  for (const ItemList& list : lists) {
    drawn.push_back(DrawRandomNovelList(list, catalogue, CountNovel(list), rng));
  }
  return drawn;
}

}  // namespace twohop
