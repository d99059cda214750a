#include "twohop/reasoning/demand_index.h"

#include <algorithm>
#include <utility>

namespace twohop {

void DemandIndex::Add(std::string id, std::span<const float> vector) {
  MutexLock lock(mutex_);
  if (vector.empty() || (!ids_.empty() && vector.size() != vectors_.dim())) return;
  ids_.push_back(std::move(id));
  vectors_.Append(vector);
}

std::vector<NearDemand> DemandIndex::FindNear(std::span<const float> vector, float min_cosine,
                                              std::size_t count) const {
  MutexLock lock(mutex_);
  std::vector<NearDemand> near;
  if (vector.size() != vectors_.dim()) return near;
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    const float cosine = Dot(vectors_.row(i), vector);
    if (cosine >= min_cosine) near.push_back({ids_[i], cosine});
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const NearDemand& a, const NearDemand& b) { return a.cosine > b.cosine; });
  if (near.size() > count) near.resize(count);
  return near;
}

std::size_t DemandIndex::size() const {
  MutexLock lock(mutex_);
  return ids_.size();
}

}  // namespace twohop
