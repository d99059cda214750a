#include "twohop/ann/cell_tuning.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "twohop/ann/segment_search.h"
#include "twohop/base/rng.h"

namespace twohop::ann_internal {
namespace {

constexpr float kMaxReach = 8.0F;
constexpr int kSteps = 9;  // Bisections: to 1/64.
// A whole scan reads a row once for all queries of a call and in order; row by row it is that much
// faster (benchmarks/index).
constexpr double kMaxRowShare = 0.25;
constexpr float kTiny = 1e-30F;
constexpr std::size_t kHistory = 16;  // Items that make up a user's direction.

// Searches with one share of the partitions excluded.
struct Trial {
  std::vector<Level1Index> excluded;
  Embeddings queries;
  std::vector<std::vector<Neighbor>> expected;
};

class Tuner {
 public:
  Tuner(const IndexImage& image, const TuningOptions& options)
      : segment_{&image, nullptr}, options_(options), rng_(Rng(options.seed).Fork("reach")) {
    for (const double share : {0.0, 0.5, 0.9}) AddTrials(share);
  }

  // The worst mean recall; adds up what was looked at.
  double Recall(float reach, ScanCost& cost) const {
    double worst = 1.0;
    for (const Trial& trial : trials_) {
      worst = std::min(
          worst, Recall(trial, Search(trial, {.by_cells = true, .reach = reach, .cost = &cost})));
    }
    return worst;
  }

  std::size_t whole_rows() const { return whole_cost_.rows; }

 private:
  const IndexImage& image() const { return *segment_.image; }

  void AddTrials(double share) {
    std::vector<Level1Index> level1;
    for (const PartitionRows& partition : image().partitions()) {
      level1.emplace_back(partition.level1);
    }
    const auto count = static_cast<std::size_t>(share * static_cast<double>(level1.size()));
    if (share > 0.0 && count == 0) return;  // Too few partitions to leave any out.
    rng_.Shuffle(std::span(level1));
    level1.resize(count);
    AddTrial(level1, level1);
    if (count > 0) AddTrial(level1, {});
  }

  // Queries aim at items outside of `avoided`.
  void AddTrial(const std::vector<Level1Index>& excluded, const std::vector<Level1Index>& avoided) {
    Trial trial{.excluded = excluded, .queries = SampleQueries(avoided), .expected = {}};
    trial.expected = Search(trial, {.cost = &whole_cost_});
    trials_.push_back(std::move(trial));
  }

  std::vector<std::vector<Neighbor>> Search(const Trial& trial, const ScanPlan& plan) const {
    return SearchSegments({&segment_, 1}, image().dim(), trial.queries,
                          {.k = options_.k, .excluded = trial.excluded}, plan)
        .value();
  }

  static double Recall(const Trial& trial, const std::vector<std::vector<Neighbor>>& found) {
    double sum = 0.0;
    for (std::size_t query = 0; query < found.size(); ++query) {
      sum += RecallOf(trial.expected[query], found[query]);
    }
    return found.empty() ? 1.0 : sum / static_cast<double>(found.size());
  }

  Embeddings SampleQueries(const std::vector<Level1Index>& avoided) {
    Embeddings queries(image().dim());
    if (options_.sample_queries.rows() > 0) {
      const std::size_t count = std::min(options_.samples, options_.sample_queries.rows());
      for (std::size_t i = 0; i < count; ++i) queries.Append(options_.sample_queries.row(i));
      return queries;
    }
    const std::vector<std::uint32_t> targets = ItemsOutside(avoided);
    for (std::size_t i = 0; i < options_.samples; ++i) {
      queries.Append(MixedQuery(image().vectors().row(targets[rng_.Below(targets.size())])));
    }
    return queries;
  }

  std::vector<std::uint32_t> ItemsOutside(const std::vector<Level1Index>& excluded) const {
    std::vector<std::uint32_t> items;
    for (const PartitionRows& partition : image().partitions()) {
      if (std::find(excluded.begin(), excluded.end(), Level1Index(partition.level1)) !=
          excluded.end()) {
        continue;
      }
      for (const std::uint32_t item : image().items().subspan(partition.first_group * kGroupRows,
                                                              partition.group_count * kGroupRows)) {
        if (item != kNoItem) items.push_back(item);
      }
    }
    return items;
  }

  std::vector<float> MixedQuery(std::span<const float> item) {
    std::vector<float> user(item.size());
    std::vector<float> chance;
    for (std::size_t i = 0; i < kHistory; ++i) {
      AddScaled(image().vectors().row(rng_.Below(image().size())), 1.0F, user);
    }
    for (std::size_t i = 0; i < item.size(); ++i) {
      chance.push_back(static_cast<float>(rng_.Normal()));
    }
    std::vector<float> query(item.size());
    AddDirection(item, 1.0F, query);
    AddDirection(user, 0.5F, query);
    AddDirection(chance, 0.25F, query);
    return query;
  }

  // As long as `length`; where a norm overflows, nothing.
  static void AddDirection(std::span<const float> vector, float length, std::span<float> sum) {
    AddScaled(vector, length / std::max(std::sqrt(LaneDot(vector, vector)), kTiny), sum);
  }

  static void AddScaled(std::span<const float> vector, float scale, std::span<float> sum) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += scale * vector[i];
  }

  Segment segment_;
  const TuningOptions& options_;
  Rng rng_;
  std::vector<Trial> trials_;
  ScanCost whole_cost_;
};

}  // namespace

std::optional<CellTuning> TuneReach(const IndexImage& image, const TuningOptions& options) {
  if (image.cells().empty()) return std::nullopt;
  const Tuner tuner(image, options);
  ScanCost most;
  if (tuner.Recall(kMaxReach, most) < options.wanted_recall) return std::nullopt;
  float low = 0.0F;
  float high = kMaxReach;
  for (int step = 0; step < kSteps; ++step) {
    const float middle = 0.5F * (low + high);
    ScanCost cost;
    (tuner.Recall(middle, cost) < options.wanted_recall ? low : high) = middle;
  }
  ScanCost cost;
  CellTuning tuning{.reach = high, .recall = tuner.Recall(high, cost)};
  tuning.row_share = static_cast<double>(cost.rows) / static_cast<double>(tuner.whole_rows());
  if (tuning.row_share > kMaxRowShare) return std::nullopt;
  return tuning;
}

}  // namespace twohop::ann_internal
