#include "twohop/towers/training/testing/planted_community.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "twohop/base/check.h"
#include "twohop/base/rng.h"
#include "twohop/towers/testing/random_model.h"

namespace twohop {
namespace {

constexpr std::size_t kShown = 6;
constexpr std::array kAgeGroups = {"18-24", "25-34", "35-44"};

Embeddings MakeSimilarSiblings(std::size_t categories, std::size_t dim, std::uint64_t seed) {
  const Embeddings parents = MakeRandomVectors(categories / 4, dim, seed);
  Embeddings vectors = MakeRandomVectors(categories, dim, seed + 1);
  for (std::size_t i = 0; i < categories; ++i) {
    const std::span<float> vector = vectors.mutable_row(i);
    for (std::size_t j = 0; j < dim; ++j) vector[j] += parents.row(i / 4)[j];
    NormalizeL2(vector);
  }
  return vectors;
}

class Author {
 public:
  Author(const Catalog& catalog, const PlantedOptions& options)
      : catalog_(catalog),
        options_(options),
        rng_(options.seed),
        builder_(catalog.size()),
        items_of_(catalog.taxonomy().size()) {
    for (std::uint32_t i = 0; i < catalog.size(); ++i) {
      items_of_[catalog.at(ItemIndex(i)).category.value()].emplace_back(i);
    }
  }

  TrainingData Write() && {
    for (std::size_t i = 0; i < options_.users; ++i) AddUser(i);
    auto data = std::move(builder_).Build(options_.heldout_share, options_.validation_share);
    TWOHOP_CHECK(data.has_value());
    return *std::move(data);
  }

 private:
  void AddUser(std::size_t number) {
    const UserId user("u" + std::to_string(number));
    const std::size_t age = number % kAgeGroups.size();
    builder_.SetProfile(
        {.id = user, .age_group = kAgeGroups[age], .gender = number % 2 == 0 ? "female" : "male"});
    const std::string brand = "brand " + std::to_string(rng_.Below(9));
    const std::size_t categories = items_of_.size();
    std::array<std::size_t, 3> favourites{};
    for (std::size_t& one : favourites) {
      // Every third level-1 category is the age group's.
      const std::size_t level1 = rng_.Below((categories / 4 + 2) / 3) * 3 + age;
      one = (level1 * 4 + rng_.Below(4)) % categories;
    }
    for (std::size_t i = 0; i < options_.clicks_per_user; ++i) {
      const std::size_t category =
          rng_.Chance(0.1) ? rng_.Below(categories) : favourites[rng_.Below(favourites.size())];
      AddPage(user, items_of_[category], brand, TimePoint(Milliseconds(1000 * i + number)));
    }
  }

  void AddPage(const UserId& user, const std::vector<ItemIndex>& items, const std::string& brand,
               TimePoint time) {
    std::vector<ItemIndex> shown;
    for (std::size_t i = 0; i < kShown; ++i) shown.push_back(items[rng_.Below(items.size())]);
    ItemIndex clicked = shown[0];
    for (const ItemIndex item : shown) {
      if (catalog_.at(item).brand == brand) clicked = item;
      builder_.Add(user, item, time, InteractionKind::kShown);
    }
    builder_.Add(user, clicked, time, InteractionKind::kClicked);
  }

  const Catalog& catalog_;
  const PlantedOptions& options_;
  Rng rng_;
  TrainingDataBuilder builder_;
  std::vector<std::vector<ItemIndex>> items_of_;
};

}  // namespace

PlantedCommunity MakePlantedCommunity(const PlantedOptions& options) {
  auto catalog = MakeGridCatalog(options.level1, options.items, options.seed);
  Embeddings vectors =
      MakeSimilarSiblings(catalog->taxonomy().size(), options.text_dim, options.seed);
  TrainingData data = Author(*catalog, options).Write();
  return {std::move(catalog), std::move(vectors), std::move(data)};
}

}  // namespace twohop
