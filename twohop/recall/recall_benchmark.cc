// One recall of 20 items for a user with 8 interests, 200 clicks and 300 exposures, from 20,000
// items with D = 64 and 624 categories, with a real tower of random weights; then with each
// addition to the page alone, and with all of them. Counters: microseconds per channel.
//
//   recall_benchmark --benchmark_min_time=0.5

#include <array>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "twohop/base/check.h"
#include "twohop/base/clock.h"
#include "twohop/base/rng.h"
#include "twohop/base/testing/temp_dir.h"
#include "twohop/recall/co_click_counter.h"
#include "twohop/recall/recaller.h"
#include "twohop/towers/model_file.h"
#include "twohop/towers/testing/random_model.h"

namespace twohop {
namespace {

constexpr std::size_t kLevel1Count = 40;
constexpr std::size_t kItems = 20'000;
constexpr std::size_t kTextDim = 384;
constexpr std::size_t kInterests = 8;

// Fifty neighbours for each item.
CoClickTable MakeCoClicks() {
  Rng rng(1);
  CoClickTable table;
  for (std::size_t item = 0; item < kItems; ++item) {
    std::vector<Neighbor> row;
    for (int i = 0; i < 50; ++i) {
      row.push_back({ItemIndex(static_cast<std::uint32_t>(rng.Below(kItems))),
                     1.0F / static_cast<float>(1 + i)});
    }
    table.Append(row);
  }
  return table;
}

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
  parts.newest = parts.popularity;
  parts.co_clicks = MakeCoClicks();
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
  for (std::uint32_t i = 0; i < kMaxExposures; ++i) {
    user.exposures.push_back({bundle.catalog().at(ItemIndex(i * 7)).id, now});
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

// What each addition costs on top of the page without it.
RecallerOptions Plain() { return {}; }
RecallerOptions WithCoClick() {
  RecallerOptions options;
  options.of(ChannelKind::kCoClick).share = 0.2;
  return options;
}
RecallerOptions WithFresh() {
  RecallerOptions options;
  options.of(ChannelKind::kFresh).share = 0.1;
  return options;
}
RecallerOptions WithInterestText() {
  RecallerOptions options;
  options.of(ChannelKind::kInterestText).share = 0.5;
  return options;
}
RecallerOptions WithPlaces() {
  RecallerOptions options;
  options.of(ChannelKind::kNovelty).places.places = {3, 5, 8, 11, 13, 17};
  return options;
}
RecallerOptions WithSeenLeftOut() {
  RecallerOptions options;
  options.exposure_pause = std::chrono::hours(24);
  options.max_exposures = 3;
  return options;
}
RecallerOptions WithDiversity() {
  RecallerOptions options;
  options.diversity = 0.3;
  return options;
}
RecallerOptions WithAll() {
  RecallerOptions options = WithSeenLeftOut();
  options.of(ChannelKind::kCoClick).share = 0.2;
  options.of(ChannelKind::kFresh).share = 0.1;
  options.of(ChannelKind::kInterestText).share = 0.5;
  options.of(ChannelKind::kNovelty).places.places = {3, 5, 8, 11, 13, 17};
  options.of(ChannelKind::kNovelty).deadline = std::chrono::milliseconds(20);
  options.diversity = 0.3;
  return options;
}

std::shared_ptr<const Bundle> TheBundle() {
  static const auto& bundle = *new std::shared_ptr<const Bundle>(MakeBundle());
  return bundle;
}

void BM_Recall(benchmark::State& state, RecallerOptions (*options)()) {
  const SystemClock clock;
  const Recaller recaller(TheBundle(), clock, options());
  const UserState user = MakeUser(*TheBundle(), clock.Now());
  const RecallRequest request{.k = static_cast<std::size_t>(state.range(0))};
  std::array<std::chrono::nanoseconds, kChannelCount> elapsed{};
  for (auto _ : state) {
    const RecallResponse response = recaller.Recall(user, request).value();
    for (std::size_t i = 0; i < kChannelCount; ++i) elapsed[i] += response.channels[i].elapsed;
    benchmark::DoNotOptimize(response.items.data());
  }
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    if (elapsed[i].count() == 0) continue;
    state.counters[std::string(ChannelName(static_cast<ChannelKind>(i))) + "_us"] =
        benchmark::Counter(static_cast<double>(elapsed[i].count()) / 1000.0,
                           benchmark::Counter::kAvgIterations);
  }
}
BENCHMARK_CAPTURE(BM_Recall, plain, &Plain)->Arg(20)->Arg(100)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_Recall, co_click, &WithCoClick)->Arg(20)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_Recall, fresh, &WithFresh)->Arg(20)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_Recall, interest_text, &WithInterestText)
    ->Arg(20)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_Recall, places, &WithPlaces)->Arg(20)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_Recall, seen, &WithSeenLeftOut)->Arg(20)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_Recall, diversity, &WithDiversity)->Arg(20)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_Recall, all, &WithAll)->Arg(20)->Arg(100)->Unit(benchmark::kMicrosecond);

void BM_Features(benchmark::State& state) {
  const SystemClock clock;
  const Recaller recaller(TheBundle(), clock);
  const UserState user = MakeUser(*TheBundle(), clock.Now());
  std::vector<ItemId> items;
  for (std::uint32_t i = 0; i < state.range(0); ++i) {
    items.push_back(TheBundle()->catalog().at(ItemIndex(i * 37)).id);
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(recaller.Features(user, items).value().items.data());
  }
}
BENCHMARK(BM_Features)->Arg(20)->Arg(100)->Arg(500)->Unit(benchmark::kMicrosecond);

// 5,000 users with up to 100 items each.
void BM_CountCoClicks(benchmark::State& state) {
  Rng rng(1);
  CoClickCounter counter(kItems);
  for (int click = 0; click < 250'000; ++click) {
    counter.Add(UserId(std::to_string(rng.Below(5'000))),
                ItemIndex(static_cast<std::uint32_t>(rng.Below(kItems))),
                TimePoint(std::chrono::minutes(rng.Below(60 * 24 * 90))));
  }
  for (auto _ : state) benchmark::DoNotOptimize(counter.Build({}).value().size());
}
BENCHMARK(BM_CountCoClicks)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace twohop
