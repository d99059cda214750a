#include "twohop/domain/catalog.h"

#include <utility>

#include <fmt/format.h>

#include "twohop/base/hash.h"

namespace twohop {
namespace {

std::uint64_t Fingerprint(const Taxonomy& taxonomy, std::span<const Item> items) {
  Hasher hasher;
  hasher.Add(taxonomy.fingerprint());
  for (const Item& item : items) {
    hasher.Add(item.id.value()).Add(item.title).Add(item.category.value()).Add(item.brand);
    hasher.Add(item.tags.size());
    for (const std::string& tag : item.tags) hasher.Add(tag);
    hasher.Add(std::uint64_t{item.available});
  }
  return hasher.value();
}

}  // namespace

Result<Catalog> Catalog::Build(std::shared_ptr<const Taxonomy> taxonomy, std::vector<Item> items) {
  Catalog catalog;
  catalog.taxonomy_ = std::move(taxonomy);
  catalog.items_ = std::move(items);
  for (std::size_t i = 0; i < catalog.items_.size(); ++i) {
    const Item& item = catalog.items_[i];
    if (item.id.value().empty()) return InvalidArgument(fmt::format("item {} has no id", i + 1));
    if (item.category.value() >= catalog.taxonomy_->size()) {
      return InvalidArgument(fmt::format("item \"{}\" has no known category", item.id.value()));
    }
    const ItemIndex index(static_cast<std::uint32_t>(i));
    if (!catalog.by_id_.emplace(item.id.value(), index).second) {
      return InvalidArgument(fmt::format("item id \"{}\" occurs twice", item.id.value()));
    }
  }
  catalog.fingerprint_ = Fingerprint(*catalog.taxonomy_, catalog.items_);
  return catalog;
}

std::optional<ItemIndex> Catalog::Find(std::string_view id) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return std::nullopt;
  return found->second;
}

}  // namespace twohop
