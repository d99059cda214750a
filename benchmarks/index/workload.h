// A synthetic catalogue and the requests of its users, made to look like the output of a dual
// tower.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "twohop/base/embeddings.h"
#include "twohop/base/rng.h"
#include "twohop/domain/ids.h"

namespace twohop::index_benchmark {

inline constexpr std::size_t kLevel1Count = 20;
inline constexpr std::size_t kInterests = 5;  // Queries of a request.

struct WorkloadOptions {
  std::size_t items = 100'000;
  std::size_t dim = 64;
  std::size_t categories = 1'000;  // Level 3; spread over kLevel1Count level-1 categories.
  std::uint64_t seed = 1;
};

// What one user asks: kInterests queries, and the level-1 categories of the last clicks.
struct Request {
  Embeddings queries;
  std::vector<Level1Index> excluded;
};

// A changed or new item.
struct Change {
  ItemIndex item;
  Level1Index level1;
  std::vector<float> vector;
};

// Items cluster by category and categories by level 1; sizes fall with rank; directions differ in
// variance; every vector has L2 norm 1. Everything follows from the seed.
class Workload {
 public:
  explicit Workload(const WorkloadOptions& options);

  EmbeddingsView items() const { return items_; }
  const std::vector<Level1Index>& level1() const { return level1_; }

  // Queries are no items: each mixes the direction of a user (the mean of their history) with that
  // of a category outside of the excluded level 1.
  std::vector<Request> Requests(std::size_t count, std::size_t excluded, Rng& rng) const;

  // Four of five embed an item anew (one of ten of these in another level 1), the rest are new
  // items, numbered from items().rows() + `first_new` on.
  std::vector<Change> Changes(std::size_t count, std::size_t first_new, Rng& rng) const;

 private:
  struct Category {
    Level1Index level1;
    std::vector<float> center;
    double spread = 0.0;
  };

  std::vector<float> Noise(Rng& rng) const;
  std::vector<float> Near(const Category& category, Rng& rng) const;
  const Category& Draw(Rng& rng) const;
  const Category& DrawOutside(const std::vector<Level1Index>& excluded, Rng& rng) const;
  std::vector<float> UserDirection(Rng& rng) const;

  std::vector<float> axes_;  // Standard deviation by direction; their squares sum to 1.
  std::vector<Category> categories_;
  std::vector<double> popularity_;  // Running sum, by category.
  Embeddings items_;
  std::vector<Level1Index> level1_;
};

}  // namespace twohop::index_benchmark
