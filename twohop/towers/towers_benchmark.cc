// ns per user: EmbedUser with 1, 5 and 8 conditions and a history of 200 clicks, catalogue of
// 20,000 items; items/s of EmbedItems. Built-in check: none, equality with training's towers is a
// test.

#include <cstdint>

#include <benchmark/benchmark.h>

#include "twohop/towers/testing/random_model.h"
#include "twohop/towers/two_tower.h"

namespace twohop {
namespace {

constexpr std::size_t kText = 384;

struct Fixture {
  std::shared_ptr<const Catalog> catalog = MakeGridCatalog(/*level1=*/156, /*items=*/20'000);
  Embeddings vectors = MakeRandomVectors(catalog->taxonomy().size(), kText);
  TwoTower tower = *TwoTower::FromModel(MakeRandomModel(catalog->taxonomy(), {.text = kText}),
                                        *catalog, vectors, kTestEncoder);
};

const Fixture& Shared() {
  static const Fixture fixture;
  return fixture;
}

void BM_EmbedUser(benchmark::State& state) {
  const Fixture& shared = Shared();
  UserFeatures user{.age_group = "25-34", .gender = "female"};
  for (std::uint32_t i = 0; i < 200; ++i) user.history.emplace_back(i * 97 % 20'000);
  const auto conditions = static_cast<std::size_t>(state.range(0));
  const EmbeddingsView view(shared.vectors.data().first(conditions * kText), kText);
  for (auto _ : state) benchmark::DoNotOptimize(shared.tower.EmbedUser(user, view));
}
BENCHMARK(BM_EmbedUser)->Arg(1)->Arg(5)->Arg(8);

void BM_EmbedItems(benchmark::State& state) {
  const Fixture& shared = Shared();
  for (auto _ : state) benchmark::DoNotOptimize(shared.tower.EmbedItems());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(shared.catalog->size()));
}
BENCHMARK(BM_EmbedItems)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace twohop
