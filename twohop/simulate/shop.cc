#include "twohop/simulate/shop.h"

#include <algorithm>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/simulate/title.h"

namespace twohop::simulate_internal {
namespace {

constexpr double kCategorySkew = 0.5;  // Flat enough that every category sees some clicks.
constexpr double kBrandSkew = 0.7;
constexpr double kItemSkew = 0.8;
constexpr double kSoldOutRatio = 0.03;
constexpr double kTrueToBrandRatio = 0.8;

// Deals `values` values out evenly, in random order.
template <typename Value>
std::vector<Value> Deal(std::size_t count, std::size_t values, Rng& rng) {
  std::vector<Value> dealt;
  for (std::size_t i = 0; i < count; ++i) dealt.push_back(static_cast<Value>(i % values));
  rng.Shuffle(std::span<Value>(dealt));
  return dealt;
}

void AddTag(std::vector<std::string>& tags, std::string_view tag) {
  if (std::ranges::find(tags, tag) == tags.end()) tags.emplace_back(tag);
}

// Two or three of the category's.
std::vector<std::string> DrawTags(const Category& category, Rng& rng) {
  std::vector<std::string> pool = category.tags;
  rng.Shuffle(std::span<std::string>(pool));
  pool.resize(std::min<std::size_t>(pool.size(), 2 + rng.Below(2)));
  return pool;
}

}  // namespace

Shop::Shop(const CommunityBlueprint& blueprint, std::size_t count, const Rng& rng)
    : taxonomy_(blueprint.taxonomy) {
  TWOHOP_DCHECK(count >= taxonomy_->size());
  StockCategories(rng.Fork("categories"));
  StockBrands(blueprint.assortment, rng.Fork("brands"));
  StockItems(blueprint.assortment, count, rng.Fork("items"));
}

void Shop::StockCategories(Rng rng) {
  category_weights_ = ShuffledZipf(taxonomy_->size(), kCategorySkew, rng);
  category_popularity_by_level1_.resize(taxonomy_->level1_count());
  for (std::uint32_t i = 0; i < taxonomy_->size(); ++i)
    category_popularity_.Add(category_weights_[i]);
  for (std::uint32_t l = 0; l < taxonomy_->level1_count(); ++l) {
    for (const CategoryIndex category : taxonomy_->categories_of(Level1Index(l))) {
      category_popularity_by_level1_[l].Add(category_weights_[category.value()]);
    }
  }
}

void Shop::StockBrands(const Assortment& assortment, const Rng& rng) {
  brand_popularity_.resize(taxonomy_->level1_count());
  for (std::size_t l = 0; l < taxonomy_->level1_count(); ++l) {
    Rng brand_rng = rng.Fork("level1", l);
    const auto& names = assortment.brands[l];
    const auto prices = Deal<PriceBand>(names.size(), kPriceBandCount, brand_rng);
    const auto styles = Deal<Style>(names.size(), kStyleCount, brand_rng);
    std::vector<Brand>& pool = brands_.emplace_back();
    for (std::size_t b = 0; b < names.size(); ++b) pool.push_back({names[b], prices[b], styles[b]});
    for (const double weight : ShuffledZipf(names.size(), kBrandSkew, brand_rng)) {
      brand_popularity_[l].Add(weight);
    }
  }
}

// Half of the items are dealt out evenly, so that every category has a choice of them; the rest
// follows popularity.
std::vector<CategoryIndex> Shop::PlanCategories(std::size_t count, Rng rng) const {
  const std::size_t each = std::max<std::size_t>(1, count / (2 * taxonomy_->size()));
  std::vector<CategoryIndex> plan;
  plan.reserve(count);
  for (std::uint32_t c = 0; c < taxonomy_->size(); ++c)
    plan.insert(plan.end(), each, CategoryIndex(c));
  while (plan.size() < count) plan.push_back(DrawCategory(rng));
  rng.Shuffle(std::span<CategoryIndex>(plan));
  return plan;
}

ShopItem Shop::MakeItem(CategoryIndex category, Rng& rng) const {
  const Level1Index level1 = taxonomy_->level1_of(category);
  ShopItem made;
  made.brand = DrawBrand(level1, rng);
  const Brand& brand = brands_[level1.value()][made.brand];
  made.price = rng.Chance(kTrueToBrandRatio) ? brand.price
                                             : static_cast<PriceBand>(rng.Below(kPriceBandCount));
  made.style =
      rng.Chance(kTrueToBrandRatio) ? brand.style : static_cast<Style>(rng.Below(kStyleCount));
  made.item.category = category;
  made.item.brand = brand.name;
  made.item.tags = DrawTags(taxonomy_->at(category), rng);
  made.item.available = !rng.Chance(kSoldOutRatio);
  return made;
}

void Shop::StockItems(const Assortment& assortment, std::size_t count, const Rng& rng) {
  const auto plan = PlanCategories(count, rng.Fork("plan"));
  shelves_.resize(taxonomy_->size());
  std::set<std::string> titles;
  items_.reserve(count);
  for (std::uint32_t i = 0; i < plan.size(); ++i) {
    Rng item_rng = rng.Fork("item", i);
    ShopItem made = MakeItem(plan[i], item_rng);
    made.item.id = ItemId(fmt::format("i{:05}", i + 1));
    made.item.title =
        DrawUniqueTitle(made.item, assortment.ranges[plan[i].value()], titles, item_rng);
    AddTag(made.item.tags, PriceBandName(made.price));  // Now: no title calls itself "mid-range".
    AddTag(made.item.tags, StyleName(made.style));
    items_.push_back(std::move(made));
    shelves_[plan[i].value()].items.push_back(ItemIndex(i));
  }
  for (std::size_t c = 0; c < shelves_.size(); ++c) {
    Rng shelf_rng = rng.Fork("shelf", c);
    for (const double weight : ShuffledZipf(shelves_[c].items.size(), kItemSkew, shelf_rng)) {
      shelves_[c].popularity.Add(weight);
    }
  }
}

CategoryIndex Shop::DrawCategory(Rng& rng) const {
  return CategoryIndex(static_cast<std::uint32_t>(category_popularity_.Draw(rng)));
}

CategoryIndex Shop::DrawCategory(Level1Index level1, Rng& rng) const {
  const std::size_t place = category_popularity_by_level1_[level1.value()].Draw(rng);
  return taxonomy_->categories_of(level1)[place];
}

ItemIndex Shop::DrawItem(CategoryIndex category, Rng& rng) const {
  const Shelf& shelf = shelves_[category.value()];
  return shelf.items[shelf.popularity.Draw(rng)];
}

std::uint32_t Shop::DrawBrand(Level1Index level1, Rng& rng) const {
  return static_cast<std::uint32_t>(brand_popularity_[level1.value()].Draw(rng));
}

}  // namespace twohop::simulate_internal
