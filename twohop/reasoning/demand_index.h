// The demands of a store as points among texts: those that mean the same are near.

#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twohop/base/embeddings.h"
#include "twohop/base/mutex.h"

namespace twohop {

struct NearDemand {
  std::string id;       // EdgeRecord::id.
  float cosine = 0.0F;  // In [-1, 1]; larger is nearer.

  friend bool operator==(const NearDemand&, const NearDemand&) = default;
};

// Thread-safe.
class DemandIndex {
 public:
  // `vector` has L2 norm 1. A vector of another dimension than the first one is left out.
  void Add(std::string id, std::span<const float> vector);

  // The nearest demands with a cosine of at least `min_cosine`, nearest first, ties in the order in
  // which they were added; at most `count`. Takes size() * vector.size() multiplications.
  std::vector<NearDemand> FindNear(std::span<const float> vector, float min_cosine,
                                   std::size_t count) const;

  std::size_t size() const;

 private:
  mutable Mutex mutex_;
  std::vector<std::string> ids_ TWOHOP_GUARDED_BY(mutex_);
  Embeddings vectors_ TWOHOP_GUARDED_BY(mutex_);  // Row i belongs to ids_[i].
};

}  // namespace twohop
