#include "twohop/recall/testing/tiny_bundle.h"

#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/recall/testing/fake_user_encoder.h"

namespace twohop {
namespace {

constexpr std::uint32_t kItemsPerCategory = 6;
constexpr std::size_t kLevel1Count = 4;
constexpr std::size_t kTinyDim = 13;  // Four level-1 and eight categories, and one to turn to.

Category MakeCategory(std::string id, std::string level1, std::string level2, std::string level3) {
  Category category;
  category.id = std::move(id);
  category.level1 = std::move(level1);
  category.level2 = std::move(level2);
  category.level3 = std::move(level3);
  return category;
}

template <typename T>
T Value(Result<T> result) {
  TWOHOP_CHECK(result.has_value());
  return *std::move(result);
}

}  // namespace

std::shared_ptr<const Taxonomy> MakeTinyTaxonomy() {
  return std::make_shared<const Taxonomy>(Value(Taxonomy::Build({
      MakeCategory("tents", "Outdoor", "Camping", "Tents"),
      MakeCategory("headlamps", "Outdoor", "Camping", "Headlamps"),
      MakeCategory("ropes", "Outdoor", "Climbing", "Ropes"),
      MakeCategory("kettles", "Kitchen", "Appliances", "Kettles"),
      MakeCategory("toasters", "Kitchen", "Appliances", "Toasters"),
      MakeCategory("lipsticks", "Beauty", "Makeup", "Lipsticks"),
      MakeCategory("mats", "Sports", "Fitness", "Yoga Mats"),
      MakeCategory("dumbbells", "Sports", "Fitness", "Dumbbells"),
  })));
}

std::shared_ptr<const Catalog> MakeTinyCatalog() {
  const auto taxonomy = MakeTinyTaxonomy();
  std::vector<Item> items;
  for (std::uint32_t i = 0; i < taxonomy->size(); ++i) {
    const Category& category = taxonomy->at(CategoryIndex(i));
    for (std::size_t n = 0; n < kItemsPerCategory; ++n) {
      Item item;
      item.id = ItemId(fmt::format("{}-{}", category.id, n));
      item.title = fmt::format("{} {}", category.level3, n);
      item.category = CategoryIndex(i);
      item.brand = "Acme";
      item.tags = {"tiny"};
      item.available = item.id.value() != "mats-0";
      items.push_back(std::move(item));
    }
  }
  return std::make_shared<const Catalog>(Value(Catalog::Build(taxonomy, std::move(items))));
}

Embeddings MakeTinyCategoryVectors() {
  const auto taxonomy = MakeTinyTaxonomy();
  Embeddings vectors(taxonomy->size(), kTinyDim);
  for (std::uint32_t i = 0; i < taxonomy->size(); ++i) {
    const auto vector = vectors.mutable_row(i);
    vector[taxonomy->level1_of(CategoryIndex(i)).value()] = 0.6F;
    vector[kLevel1Count + i] = 0.8F;
  }
  return vectors;
}

Embeddings MakeTinyItemVectors() {
  const Embeddings categories = MakeTinyCategoryVectors();
  Embeddings vectors(kTinyDim);
  for (std::size_t category = 0; category < categories.rows(); ++category) {
    for (std::size_t n = 0; n < kItemsPerCategory; ++n) {
      vectors.Append(categories.row(category));
      const auto vector = vectors.mutable_row(vectors.rows() - 1);
      vector[kTinyDim - 1] = 0.1F * static_cast<float>(n);
      NormalizeL2(vector);
    }
  }
  return vectors;
}

std::vector<ItemIndex> MakeTinyPopularity() {
  std::vector<ItemIndex> items;
  for (std::uint32_t i = 0; i < MakeTinyCatalog()->size(); ++i) items.emplace_back(i);
  return items;
}

std::vector<ItemIndex> MakeTinyNewest() {
  const auto catalog = MakeTinyCatalog();
  std::vector<ItemIndex> items;
  for (auto i = static_cast<std::uint32_t>(catalog->size()); i > 0; i -= kItemsPerCategory) {
    items.emplace_back(i - 1);
  }
  return items;
}

CoClickTable MakeTinyCoClicks() {
  const auto catalog = MakeTinyCatalog();
  const auto find = [&](std::string_view category, std::size_t n) {
    return catalog->Find(fmt::format("{}-{}", category, n)).value();
  };
  CoClickTable table;
  for (std::size_t n = 0; n < kItemsPerCategory; ++n) {  // Of "tents-n", the first items.
    table.Append(std::vector<Neighbor>{{find("kettles", n), 0.6F}, {find("ropes", n), 0.3F}});
  }
  while (table.rows() < catalog->size()) table.Append({});
  return table;
}

std::shared_ptr<const Bundle> MakeTinyBundle(const UserEncoderLoader& loader) {
  const TempDir dir;
  dir.Write("model/weights.bin", "not read by the fake");
  const Embeddings category_vectors = MakeTinyCategoryVectors();
  const Embeddings item_vectors = MakeTinyItemVectors();
  BundleParts parts;
  parts.catalog = MakeTinyCatalog();
  parts.category_vectors = category_vectors;
  parts.text_encoder = kTinyTextEncoder;
  parts.item_vectors = item_vectors;
  parts.model_dir = dir.path() / "model";
  parts.popularity = MakeTinyPopularity();
  parts.newest = MakeTinyNewest();
  parts.co_clicks = MakeTinyCoClicks();
  Value(WriteBundle(parts, dir.path() / "bundles"));
  return Value(LoadCurrentBundle(dir.path() / "bundles",
                                 loader ? loader : UserEncoderLoader(&LoadFakeUserEncoder)));
}

LatentInterest TinyInterest(std::string_view category_id) {
  const auto taxonomy = MakeTinyTaxonomy();
  const auto category = taxonomy->FindById(category_id);
  TWOHOP_CHECK(category.has_value());
  LatentInterest interest;
  interest.category_id = std::string(category_id);
  interest.category_label = taxonomy->label(*category);
  interest.level1 = taxonomy->at(*category).level1;
  interest.searches = {std::string(category_id)};
  interest.demand = "a need";
  interest.confidence = 0.5F;
  const Embeddings vectors = MakeTinyCategoryVectors();
  const auto vector = vectors.row(category->value());
  interest.embedding.assign(vector.begin(), vector.end());
  return interest;
}

InterestSet TinyInterests(const std::vector<std::string_view>& category_ids, TimePoint created) {
  InterestSet set;
  set.created = created;
  for (const std::string_view id : category_ids) set.interests.push_back(TinyInterest(id));
  return set;
}

UserState TinyUser(const std::vector<std::string_view>& clicked_item_ids) {
  const auto catalog = MakeTinyCatalog();
  UserState user;
  user.profile.id = UserId("u");
  user.profile.age_group = "25-34";
  for (const std::string_view id : clicked_item_ids) {
    ClickRecord click;
    click.item = ItemId(std::string(id));
    if (const auto item = catalog->Find(id)) {
      const Category& category = catalog->taxonomy().at(catalog->at(*item).category);
      click.category_id = category.id;
      click.level1 = category.level1;
    }
    user.clicks.push_back(std::move(click));
  }
  user.click_count = user.clicks.size();
  return user;
}

}  // namespace twohop
