// positives/s of training with options as by default on a planted community of 20,000 items, 5,000
// users and 100,000 clicks; the loss and recall@50 are shown with it, for speed alone says nothing.

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <benchmark/benchmark.h>

#include "twohop/base/testing/temp_dir.h"
#include "twohop/towers/testing/random_model.h"
#include "twohop/towers/training/evaluation.h"
#include "twohop/towers/training/testing/planted_community.h"
#include "twohop/towers/training/trainer.h"

namespace twohop {
namespace {

void BM_Train(benchmark::State& state) {
  const PlantedCommunity community = MakePlantedCommunity(
      {.level1 = 156, .items = 20'000, .users = 5'000, .clicks_per_user = 22, .text_dim = 384});
  const SystemClock clock;
  const TempDir dir;
  const auto silent = MakeSilentProgress();
  const auto progress = MakeProgress(stderr, clock);
  TrainOptions options;
  if (const char* epochs = std::getenv("EPOCHS")) options.epochs = std::atol(epochs);
  if (const char* v = std::getenv("TLR")) options.table_learning_rate = std::strtof(v, nullptr);
  if (const char* v = std::getenv("LR")) options.learning_rate = std::strtof(v, nullptr);
  if (const char* v = std::getenv("LAMBDA")) options.interest_weight = std::strtof(v, nullptr);
  if (const char* v = std::getenv("TAU")) options.temperature = std::strtof(v, nullptr);
  if (const char* v = std::getenv("B")) options.batch_size = std::atol(v);
  for (auto _ : state) {
    const auto trained = TrainTwoTower(
        {*community.catalog, community.category_vectors, kTestEncoder, community.data}, options,
        dir.path() / "checkpoint.bin", StartFrom::kScratch, clock, *progress, {});
    if (!trained.has_value()) {
      state.SkipWithError(trained.error().message().c_str());
      break;
    }
    std::fprintf(stderr, "%s\n", SummaryToJson(trained->summary).dump().c_str());
    const auto tower = TwoTower::FromModel(trained->model, *community.catalog,
                                           community.category_vectors, kTestEncoder);
    const auto report = EvaluateTwoTower(*tower, *community.catalog, community.category_vectors,
                                         community.data, {}, *progress, {});
    std::fprintf(stderr, "%s\n", ReportToJson(*report).dump(1).c_str());
  }
}
BENCHMARK(BM_Train)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace twohop
