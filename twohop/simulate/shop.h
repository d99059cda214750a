// The items of a simulated community and how popular they are.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "twohop/base/rng.h"
#include "twohop/domain/catalog.h"
#include "twohop/simulate/blueprint.h"
#include "twohop/simulate/sampler.h"
#include "twohop/simulate/taste.h"

namespace twohop::simulate_internal {

struct Brand {
  std::string name;
  PriceBand price = PriceBand::kMidRange;  // What it mostly makes ...
  Style style = Style::kClassic;
};

struct ShopItem {
  Item item;                // Price band and style are among its tags.
  std::uint32_t brand = 0;  // Place in its level-1 category's pool.
  PriceBand price = PriceBand::kMidRange;
  Style style = Style::kClassic;
};

// Every category has at least one item; categories, brands and items have Zipf popularity. Prices
// and styles of a brand are its own in most items.
//
// Immutable. Thread-safe: every method is const.
class Shop {
 public:
  // REQUIRES: count >= the taxonomy's size.
  Shop(const CommunityBlueprint& blueprint, std::size_t count, const Rng& rng);

  const Taxonomy& taxonomy() const { return *taxonomy_; }
  const std::vector<ShopItem>& items() const { return items_; }
  const ShopItem& at(ItemIndex item) const { return items_[item.value()]; }
  Level1Index level1_of(ItemIndex item) const {
    return taxonomy_->level1_of(at(item).item.category);
  }
  const std::vector<Brand>& brands(Level1Index level1) const { return brands_[level1.value()]; }

  // Each draws by popularity.
  CategoryIndex DrawCategory(Rng& rng) const;
  CategoryIndex DrawCategory(Level1Index level1, Rng& rng) const;
  ItemIndex DrawItem(CategoryIndex category, Rng& rng) const;
  std::uint32_t DrawBrand(Level1Index level1, Rng& rng) const;

 private:
  struct Shelf {
    std::vector<ItemIndex> items;
    Sampler popularity;
  };

  void StockCategories(Rng rng);
  void StockBrands(const Assortment& assortment, const Rng& rng);
  void StockItems(const Assortment& assortment, std::size_t count, const Rng& rng);
  std::vector<CategoryIndex> PlanCategories(std::size_t count, Rng rng) const;
  ShopItem MakeItem(CategoryIndex category, Rng& rng) const;

  std::shared_ptr<const Taxonomy> taxonomy_;
  std::vector<ShopItem> items_;
  std::vector<Shelf> shelves_;              // By CategoryIndex.
  std::vector<std::vector<Brand>> brands_;  // By Level1Index.
  std::vector<Sampler> brand_popularity_;   // By Level1Index.
  std::vector<double> category_weights_;
  Sampler category_popularity_;
  std::vector<Sampler> category_popularity_by_level1_;
};

}  // namespace twohop::simulate_internal
