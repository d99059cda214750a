#include "twohop/reasoning/merge_measure.h"

#include <algorithm>

#include "twohop/base/check.h"

namespace twohop {
namespace {

bool Holds(const std::vector<CategoryIndex>& all, CategoryIndex one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::vector<CategoryIndex> AllUnder(const MergedDemand& demand) {
  std::vector<CategoryIndex> all = demand.calls_for;
  all.insert(all.end(), demand.stretch.begin(), demand.stretch.end());
  return all;
}

bool Apart(const MergedDemand& a, const MergedDemand& b) {
  const std::vector<CategoryIndex> of_b = AllUnder(b);
  const std::vector<CategoryIndex> of_a = AllUnder(a);
  return std::none_of(of_a.begin(), of_a.end(),
                      [&](CategoryIndex category) { return Holds(of_b, category); });
}

bool IsLong(const MergedDemand& demand) { return demand.calls_for.size() >= kLongList; }

void Count(bool apart, bool both_long, MergeRow& row) {
  ++row.pairs;
  if (apart) ++row.apart;
  if (both_long) ++row.long_pairs;
  if (both_long && apart) ++row.long_apart;
}

}  // namespace

std::vector<MergeRow> MeasureMerges(std::span<const MergedDemand> demands, EmbeddingsView vectors,
                                    std::span<const float> cosines) {
  TWOHOP_CHECK(vectors.rows() == demands.size());
  std::vector<MergeRow> rows;
  for (const float cosine : cosines) rows.push_back({.min_cosine = cosine});
  if (rows.empty()) return rows;
  const float lowest = *std::min_element(cosines.begin(), cosines.end());
  std::vector<float> best(demands.size(), -1.0F);  // Of the nearest other demand.
  for (std::size_t i = 0; i < demands.size(); ++i) {
    for (std::size_t j = i + 1; j < demands.size(); ++j) {
      const float cosine = Dot(vectors.row(i), vectors.row(j));
      if (cosine < lowest) continue;
      best[i] = std::max(best[i], cosine);
      best[j] = std::max(best[j], cosine);
      const bool apart = Apart(demands[i], demands[j]);
      const bool both_long = IsLong(demands[i]) && IsLong(demands[j]);
      for (MergeRow& row : rows) {
        if (cosine >= row.min_cosine) Count(apart, both_long, row);
      }
    }
  }
  for (MergeRow& row : rows) {
    row.demands = static_cast<std::size_t>(
        std::count_if(best.begin(), best.end(), [&](float b) { return b >= row.min_cosine; }));
  }
  return rows;
}

}  // namespace twohop
