// positives/s of training with the default options, on a planted community of 20,000 items, 5,000
// users and 110,000 clicks. The counters say what was learned meanwhile: recall@50 of held-out
// clicks under their own category and without a condition.

#include <cstdint>

#include <benchmark/benchmark.h>

#include "twohop/base/testing/temp_dir.h"
#include "twohop/towers/testing/random_model.h"
#include "twohop/towers/training/evaluation.h"
#include "twohop/towers/training/testing/planted_community.h"
#include "twohop/towers/training/trainer.h"

namespace twohop {
namespace {

EvaluationReport Evaluate(const Model& model, const PlantedCommunity& community) {
  const auto tower =
      TwoTower::FromModel(model, *community.catalog, community.category_vectors, kTestEncoder);
  const auto silent = MakeSilentProgress();
  return *EvaluateTwoTower(*tower, *community.catalog, community.category_vectors, community.data,
                           {}, *silent, {});
}

void BM_Train(benchmark::State& state) {
  const PlantedCommunity community = MakePlantedCommunity(
      {.level1 = 156, .items = 20'000, .users = 5'000, .clicks_per_user = 22, .text_dim = 384});
  const SystemClock clock;
  const TempDir dir;
  const auto silent = MakeSilentProgress();
  const TrainOptions options;
  const TrainingInput input{*community.catalog, community.category_vectors, kTestEncoder,
                            community.data};
  Model model;
  for (auto _ : state) {
    auto trained = TrainTwoTower(input, options, dir.path() / "checkpoint.bin", StartFrom::kScratch,
                                 clock, *silent, {});
    model = std::move(trained->model);
  }
  const EvaluationReport report = Evaluate(model, community);
  state.SetItemsProcessed(
      state.iterations() *
      static_cast<std::int64_t>(options.epochs * community.data.training_rows().size()));
  state.counters["recall@50"] = report.conditioned[1];
  state.counters["plain recall@50"] = report.plain[1];
  state.counters["rank in category"] = report.rank_in_category;
  state.counters["of other user"] = report.rank_in_category_of_other_user;
}
BENCHMARK(BM_Train)->Iterations(1)->UseRealTime()->Unit(benchmark::kSecond);

}  // namespace
}  // namespace twohop
