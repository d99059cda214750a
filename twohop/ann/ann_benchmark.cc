// Queries per call x items, per kernel, with none and half of the partitions excluded. Counters:
// items/s scored (items searched x queries) and recall@100 against f32 brute force.
//
//   ann_benchmark --benchmark_min_time=0.5

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "twohop/ann/exact_search.h"
#include "twohop/ann/index_image.h"
#include "twohop/base/rng.h"

namespace twohop::ann_internal {
namespace {

constexpr std::size_t kDim = 64;
constexpr std::size_t kQueries = 5;
constexpr std::size_t kNeighbors = 100;
constexpr std::uint32_t kLevel1Count = 40;

Embeddings RandomVectors(std::size_t rows, std::uint64_t seed) {
  Rng rng(seed);
  Embeddings vectors(rows, kDim);
  for (float& value : vectors.mutable_data()) value = static_cast<float>(rng.Normal());
  for (std::size_t row = 0; row < rows; ++row) NormalizeL2(vectors.mutable_row(row));
  return vectors;
}

const IndexImage& ImageOf(std::size_t items) {
  static std::map<std::size_t, std::unique_ptr<const IndexImage>> images;
  auto& image = images[items];
  if (image == nullptr) {
    std::vector<Level1Index> partitions;
    for (std::uint32_t i = 0; i < items; ++i) partitions.push_back(Level1Index(i % kLevel1Count));
    image = IndexImage::Build(RandomVectors(items, 1), partitions).value();
  }
  return *image;
}

std::vector<Level1Index> FirstLevel1(std::uint32_t count) {
  std::vector<Level1Index> level1;
  for (std::uint32_t i = 0; i < count; ++i) level1.push_back(Level1Index(i));
  return level1;
}

// Of the first query.
double Recall(const IndexImage& image, std::span<const float> query, std::uint32_t excluded,
              const std::vector<Neighbor>& found) {
  std::vector<std::pair<float, std::uint32_t>> all;
  for (std::uint32_t item = 0; item < image.size(); ++item) {
    if (item % kLevel1Count >= excluded) {
      all.emplace_back(-LaneDot(query, image.vectors().row(item)), item);
    }
  }
  std::partial_sort(all.begin(), all.begin() + kNeighbors, all.end());
  const auto hits = std::count_if(found.begin(), found.end(), [&](const Neighbor& neighbor) {
    return std::any_of(all.begin(), all.begin() + kNeighbors,
                       [&](const auto& pair) { return pair.second == neighbor.item.value(); });
  });
  return static_cast<double>(hits) / kNeighbors;
}

void BM_Search(benchmark::State& state, const Int8Kernel& kernel, std::size_t items,
               std::uint32_t excluded_count) {
  const IndexImage& image = ImageOf(items);
  const Embeddings queries = RandomVectors(kQueries, 2);
  const std::vector<Level1Index> excluded = FirstLevel1(excluded_count);
  const SearchOptions options{.k = kNeighbors, .excluded = excluded};
  std::vector<std::vector<Neighbor>> found;
  for (auto _ : state) {
    found = SearchExact(image, queries, options, kernel).value();
    benchmark::DoNotOptimize(found.data());
  }
  const double searched =
      static_cast<double>(items) * (kLevel1Count - excluded_count) / kLevel1Count;
  state.counters["items/s"] =
      benchmark::Counter(searched * kQueries, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["recall@100"] = Recall(image, queries.row(0), excluded_count, found[0]);
}

void RegisterAll() {
  for (const std::size_t items : {std::size_t{20'000}, std::size_t{200'000}}) {
    for (const std::uint32_t excluded : {0U, kLevel1Count / 2}) {
      for (const Int8Kernel& kernel : SupportedKernels()) {
        const std::string name = "Search/items:" + std::to_string(items) +
                                 "/excluded:" + std::to_string(excluded) + "of" +
                                 std::to_string(kLevel1Count) + "/" + std::string(kernel.name);
        benchmark::RegisterBenchmark(name.c_str(), BM_Search, kernel, items, excluded)
            ->Unit(benchmark::kMicrosecond);
      }
    }
  }
}

const bool kRegistered = (RegisterAll(), true);

}  // namespace
}  // namespace twohop::ann_internal
