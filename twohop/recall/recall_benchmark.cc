// One recall of 20 items for a user with 8 interests and 200 clicks, from 20,000 items with D = 64
// and 624 categories, with a real tower of random weights. Counters: microseconds per channel.
//
//   recall_benchmark --benchmark_min_time=0.5

#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "twohop/base/check.h"
#include "twohop/base/clock.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/recall/recaller.h"
#include "twohop/towers/model_file.h"
#include "twohop/towers/testing/random_model.h"

namespace twohop {
namespace {

constexpr std::size_t kLevel1Count = 40;
constexpr std::size_t kItems = 20'000;
constexpr std::size_t kTextDim = 384;
constexpr std::size_t kInterests = 8;

std::shared_ptr<const Bundle> MakeBundle() {
  const TempDir dir;
  const auto catalog = MakeGridCatalog(kLevel1Count, kItems);
  const Embeddings category_vectors = MakeRandomVectors(catalog->taxonomy().size(), kTextDim);
  TowerDims dims;
  dims.text = kTextDim;
  const auto model_dir = dir.path() / "model";
  const Model model = MakeRandomModel(catalog->taxonomy(), dims);
  TWOHOP_CHECK(SaveModel(model_dir, model).has_value());
  const Embeddings item_vectors =
      TwoTower::FromModel(model, *catalog, category_vectors, kTestEncoder).value().EmbedItems();
  BundleParts parts;
  parts.catalog = catalog;
  parts.category_vectors = category_vectors;
  parts.text_encoder = kTestEncoder;
  parts.item_vectors = item_vectors;
  parts.model_dir = model_dir;
  parts.popularity = RankByClicks(std::vector<std::uint64_t>(kItems));
  TWOHOP_CHECK(WriteBundle(parts, dir.path() / "bundles").has_value());
  return LoadCurrentBundle(dir.path() / "bundles").value();
}

// Clicks lie in the first half of the level-1 categories, interests in the second.
UserState MakeUser(const Bundle& bundle, TimePoint now) {
  const Taxonomy& taxonomy = bundle.catalog().taxonomy();
  UserState user;
  user.profile.age_group = "25-34";
  for (std::uint32_t i = 0; user.clicks.size() < kClickWindow; ++i) {
    const Item& item = bundle.catalog().at(ItemIndex(i));
    if (taxonomy.level1_of(item.category).value() >= kLevel1Count / 2) continue;
    const Category& category = taxonomy.at(item.category);
    user.clicks.push_back({item.id, category.id, category.level1, now});
  }
  user.interests.emplace();
  user.interests->created = now;
  for (std::uint32_t i = 0; i < kInterests; ++i) {
    const Level1Index level1(kLevel1Count / 2 + i);
    const CategoryIndex category = taxonomy.categories_of(level1).front();
    LatentInterest interest;
    interest.category_id = taxonomy.at(category).id;
    interest.category_label = taxonomy.label(category);
    interest.searches = {"a search"};
    interest.demand = "a demand";
    const auto vector = bundle.category_vectors().row(category.value());
    interest.embedding.assign(vector.begin(), vector.end());
    user.interests->interests.push_back(std::move(interest));
  }
  return user;
}

void BM_Recall(benchmark::State& state) {
  static const std::shared_ptr<const Bundle> bundle = MakeBundle();
  const SystemClock clock;
  const Recaller recaller(bundle, clock);
  const UserState user = MakeUser(*bundle, clock.Now());
  const RecallRequest request{
      .k = static_cast<std::size_t>(state.range(0)), .shares = {}, .exclude = {}};
  std::array<std::chrono::nanoseconds, kChannelCount> elapsed{};
  for (auto _ : state) {
    const RecallResponse response = recaller.Recall(user, request).value();
    for (std::size_t i = 0; i < kChannelCount; ++i) elapsed[i] += response.channels[i].elapsed;
    benchmark::DoNotOptimize(response.items.data());
  }
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    state.counters[std::string(ChannelName(static_cast<ChannelKind>(i))) + "_us"] =
        benchmark::Counter(static_cast<double>(elapsed[i].count()) / 1000.0,
                           benchmark::Counter::kAvgIterations);
  }
}
BENCHMARK(BM_Recall)->Arg(20)->Arg(100)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace twohop
