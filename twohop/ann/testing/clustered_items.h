// Items that cluster, as those of a tower do, for tests.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "twohop/ann/ann_index.h"
#include "twohop/base/embeddings.h"
#include "twohop/base/rng.h"
#include "twohop/domain/ids.h"

namespace twohop {

inline constexpr std::uint32_t kTestPartitions = 4;

struct ClusteredItems {
  Embeddings vectors;
  std::vector<Level1Index> level1;
};

inline std::vector<float> RandomDirection(std::size_t dim, Rng& rng) {
  std::vector<float> direction;
  for (std::size_t i = 0; i < dim; ++i) direction.push_back(static_cast<float>(rng.Normal()));
  NormalizeL2(direction);
  return direction;
}

// target + scale * direction.
inline std::vector<float> Mixed(std::span<const float> target, float scale,
                                std::span<const float> direction) {
  std::vector<float> mixed(target.begin(), target.end());
  for (std::size_t i = 0; i < mixed.size(); ++i) mixed[i] += scale * direction[i];
  return mixed;
}

// Round clusters of some 50 items, all in the same few level-1 categories in turn.
inline ClusteredItems MakeClusteredItems(std::size_t count, std::size_t dim, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<std::vector<float>> centers;
  for (std::size_t i = 0; i < count / 50 + 1; ++i) centers.push_back(RandomDirection(dim, rng));
  ClusteredItems items{.vectors = Embeddings(dim), .level1 = {}};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t cluster = rng.Below(centers.size());
    items.vectors.Append(Mixed(centers[cluster], 0.4F, RandomDirection(dim, rng)));
    items.level1.emplace_back(static_cast<std::uint32_t>(cluster % kTestPartitions));
  }
  return items;
}

// No items: each between an item and a random direction.
inline Embeddings MakeQueries(const ClusteredItems& items, std::size_t count, std::uint64_t seed) {
  Rng rng(seed);
  Embeddings queries(items.vectors.dim());
  for (std::size_t i = 0; i < count; ++i) {
    queries.Append(Mixed(items.vectors.row(rng.Below(items.vectors.rows())), 0.5F,
                         RandomDirection(items.vectors.dim(), rng)));
  }
  return queries;
}

inline std::vector<std::uint32_t> ItemsOf(const std::vector<Neighbor>& neighbors) {
  std::vector<std::uint32_t> items;
  for (const Neighbor& neighbor : neighbors) items.push_back(neighbor.item.value());
  return items;
}

// Of what `expected` holds, all queries together.
inline double MeanRecall(const std::vector<std::vector<Neighbor>>& expected,
                         const std::vector<std::vector<Neighbor>>& found) {
  double hits = 0.0;
  double wanted = 0.0;
  for (std::size_t query = 0; query < expected.size(); ++query) {
    const std::vector<std::uint32_t> items = ItemsOf(found[query]);
    for (const Neighbor& neighbor : expected[query]) {
      hits += std::count(items.begin(), items.end(), neighbor.item.value()) > 0 ? 1.0 : 0.0;
    }
    wanted += static_cast<double>(expected[query].size());
  }
  return wanted == 0.0 ? 1.0 : hits / wanted;
}

}  // namespace twohop
