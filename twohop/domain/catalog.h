// The items that can be recommended.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "twohop/base/result.h"
#include "twohop/domain/ids.h"
#include "twohop/domain/taxonomy.h"

namespace twohop {

struct Item {
  ItemId id;
  std::string title;
  CategoryIndex category;         // In the catalogue's taxonomy.
  std::string brand;              // May be empty.
  std::vector<std::string> tags;  // May be empty.
  bool available = true;          // False: in stock nowhere or hidden; never recommended.

  friend bool operator==(const Item&, const Item&) = default;
};

// Immutable; items keep the order in which they were given. Moves, and is shared by pointer: a copy
// of so large a thing is never meant.
//
// Thread-safe: every method is const.
class Catalog {
 public:
  // Errors: kInvalidArgument if an id is empty or occurs twice, or a category is outside the
  // taxonomy; the message names the item. No items at all is fine.
  static Result<Catalog> Build(std::shared_ptr<const Taxonomy> taxonomy, std::vector<Item> items);

  Catalog(Catalog&&) noexcept = default;
  Catalog& operator=(Catalog&&) noexcept = default;

  const Taxonomy& taxonomy() const { return *taxonomy_; }
  const std::shared_ptr<const Taxonomy>& shared_taxonomy() const { return taxonomy_; }

  std::size_t size() const { return items_.size(); }
  std::span<const Item> items() const { return items_; }
  const Item& at(ItemIndex item) const { return items_[item.value()]; }
  Level1Index level1_of(ItemIndex item) const { return taxonomy_->level1_of(at(item).category); }

  std::optional<ItemIndex> Find(std::string_view id) const;

  // Changes whenever the taxonomy or an item changes.
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  Catalog() = default;

  std::shared_ptr<const Taxonomy> taxonomy_;
  std::vector<Item> items_;
  std::unordered_map<std::string_view, ItemIndex> by_id_;  // Views into items_; they survive moves.
  std::uint64_t fingerprint_ = 0;
};

}  // namespace twohop
