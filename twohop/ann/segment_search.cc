#include "twohop/ann/segment_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "twohop/ann/quantize.h"
#include "twohop/ann/top_candidates.h"

namespace twohop::ann_internal {
namespace {

// Twice k survives the int8 scan: rounding moves neighbours by a few ranks, not by k of them. The
// minimum is for small k, where a few ranks are as many as k.
constexpr std::size_t kOverFetch = 2;
constexpr std::size_t kMinCandidates = 32;

// A block is scored for all queries before the next one is read: it stays in the first-level cache.
constexpr std::size_t kBlockBytes = std::size_t{16} << 10U;

Status CheckQueries(std::size_t dim, EmbeddingsView queries, const SearchOptions& options) {
  if (options.k == 0) return InvalidArgument("k is 0");
  if (queries.rows() > 0 && queries.dim() != dim) {
    return InvalidArgument(
        fmt::format("queries have {} components, the index has {}", queries.dim(), dim));
  }
  for (std::size_t query = 0; query < queries.rows(); ++query) {
    if (!IsSearchable(queries.row(query))) {
      return InvalidArgument(fmt::format("query {} is not finite or too large", query));
    }
  }
  return Ok();
}

// Queries as int8, one after the other. A query's own factor would scale all of its scores alike:
// it is left out of them.
class QueryCodes {
 public:
  QueryCodes(EmbeddingsView queries, std::size_t quads)
      : stride_(quads * kQuad), codes_(queries.rows() * stride_) {
    for (std::size_t query = 0; query < queries.rows(); ++query) {
      const float factor =
          Quantize(queries.row(query), std::span(codes_).subspan(query * stride_, stride_));
      const float norm = std::sqrt(LaneDot(queries.row(query), queries.row(query)));
      norms_.push_back(factor == 0.0F ? 0.0F : norm / factor);
    }
  }

  std::size_t count() const { return norms_.size(); }
  const std::int8_t* of(std::size_t query) const { return codes_.data() + query * stride_; }
  // Of the query, in the unit of its scores.
  float norm(std::size_t query) const { return norms_[query]; }

 private:
  std::size_t stride_;
  std::vector<std::int8_t> codes_;  // [Q, stride_]
  std::vector<float> norms_;
};

// One pass over some segments, for all queries together. Candidates are named by slots: the items
// of all segments, one segment after the other.
class Scan {
 public:
  Scan(std::span<const Segment> segments, std::size_t dim, EmbeddingsView queries,
       std::size_t candidates, const ScanPlan& plan)
      : segments_(segments),
        plan_(plan),
        quads_(QuadsOf(dim)),
        block_groups_(
            std::max<std::size_t>(1, kBlockBytes / std::max<std::size_t>(1, quads_ * kQuadBytes))),
        codes_(queries, quads_),
        best_(queries.rows(), TopCandidates(candidates)),
        dots_(queries.rows() * block_groups_ * kGroupRows),
        rows_(block_groups_ * kGroupRows),
        scores_(rows_.size()) {
    std::uint32_t slot = 0;
    for (const Segment& segment : segments) {
      first_slots_.push_back(slot);
      slot += static_cast<std::uint32_t>(segment.image->size());
    }
  }

  // Newest segments are small and not divided: what they hold makes the search of the cells of
  // others stop earlier.
  void Run(std::span<const std::uint32_t> excluded) {
    for (std::size_t segment = segments_.size(); segment > 0; --segment) {
      Enter(segment - 1);
      AddWholePartitions(excluded);
      if (plan_.by_cells) AddCells(excluded);
    }
  }

  std::span<const ScoredItem> Best(std::size_t query) { return best_[query].Best(); }

  std::size_t SegmentOf(std::uint32_t slot) const {
    const auto next = std::upper_bound(first_slots_.begin(), first_slots_.end(), slot);
    return static_cast<std::size_t>(next - first_slots_.begin()) - 1;
  }
  std::uint32_t ItemOf(std::uint32_t slot, std::size_t segment) const {
    return slot - first_slots_[segment];
  }

 private:
  // A cell and the most that its rows are taken to score.
  struct Prospect {
    float bound = 0.0F;
    std::uint32_t cell = 0;
  };

  void Enter(std::size_t segment) {
    image_ = segments_[segment].image;
    removed_ = segments_[segment].removed;
    first_slot_ = first_slots_[segment];
  }

  static bool IsLeftOut(const PartitionRows& partition, std::span<const std::uint32_t> excluded) {
    return std::binary_search(excluded.begin(), excluded.end(), partition.level1);
  }

  void AddWholePartitions(std::span<const std::uint32_t> excluded) {
    for (const PartitionRows& partition : image_->partitions()) {
      if (IsLeftOut(partition, excluded)) continue;
      if (plan_.by_cells && partition.cell_count > 0) continue;
      for (std::size_t group = 0; group < partition.group_count; group += block_groups_) {
        const std::size_t groups = std::min(block_groups_, partition.group_count - group);
        ScoreBlock(partition.first_group + group, groups);
      }
      if (plan_.cost != nullptr) plan_.cost->rows += partition.rows * codes_.count();
    }
  }

  void AddCells(std::span<const std::uint32_t> excluded) {
    const std::size_t center_groups = GroupsOf(image_->cells().size());
    if (center_groups == 0) return;
    std::vector<std::int32_t> dots(codes_.count() * center_groups * kGroupRows);
    plan_.kernel->dot(image_->center_codes().data(), center_groups, quads_, codes_.of(0),
                      codes_.count(), dots.data());
    for (std::size_t query = 0; query < codes_.count(); ++query) {
      SearchCells(query, excluded, dots.data() + query * center_groups * kGroupRows);
    }
  }

  void SearchCells(std::size_t query, std::span<const std::uint32_t> excluded,
                   const std::int32_t* center_dots) {
    const auto nearer = [](const Prospect& a, const Prospect& b) {
      return a.bound != b.bound ? a.bound < b.bound : a.cell > b.cell;
    };
    CollectProspects(query, excluded, center_dots);
    std::make_heap(prospects_.begin(), prospects_.end(), nearer);
    while (!prospects_.empty() && prospects_.front().bound >= best_[query].threshold()) {
      const Cell& cell = image_->cells()[prospects_.front().cell];
      std::pop_heap(prospects_.begin(), prospects_.end(), nearer);
      prospects_.pop_back();
      if (!prospects_.empty()) Prefetch(image_->cells()[prospects_.front().cell]);
      ScoreCell(query, cell);
    }
  }

  void CollectProspects(std::size_t query, std::span<const std::uint32_t> excluded,
                        const std::int32_t* center_dots) {
    const float reach = (plan_.reach < 0.0F ? image_->reach() : plan_.reach) * codes_.norm(query);
    const float threshold = best_[query].threshold();
    prospects_.clear();
    for (const PartitionRows& partition : image_->partitions()) {
      if (partition.cell_count == 0 || IsLeftOut(partition, excluded)) continue;
      for (std::size_t i = 0; i < partition.cell_count; ++i) {
        const std::size_t cell = partition.first_cell + i;
        const float center = static_cast<float>(center_dots[cell]) * image_->center_factors()[cell];
        const float bound = center + reach * image_->cells()[cell].spread;
        if (bound >= threshold) prospects_.push_back({bound, static_cast<std::uint32_t>(cell)});
      }
    }
  }

  // The processor goes on by itself from the first lines.
  void Prefetch(const Cell& cell) const {
    const std::int8_t* at = image_->codes().data() + cell.first_group * quads_ * kQuadBytes;
    for (std::size_t line = 0; line < 8; ++line) __builtin_prefetch(at + line * kQuadBytes);
  }

  void ScoreCell(std::size_t query, const Cell& cell) {
    const std::size_t end = GroupsOf(cell.rows);
    for (std::size_t group = 0; group < end; group += block_groups_) {
      const std::size_t groups = std::min(block_groups_, end - group);
      plan_.kernel->dot(CodesOf(cell.first_group + group), groups, quads_, codes_.of(query), 1,
                        dots_.data());
      Keep(query, cell.first_group + group, groups, dots_.data());
    }
    if (plan_.cost != nullptr) {
      plan_.cost->rows += cell.rows;
      ++plan_.cost->cells;
    }
  }

  void ScoreBlock(std::size_t first_group, std::size_t groups) {
    plan_.kernel->dot(CodesOf(first_group), groups, quads_, codes_.of(0), codes_.count(),
                      dots_.data());
    for (std::size_t query = 0; query < codes_.count(); ++query) {
      Keep(query, first_group, groups, dots_.data() + query * groups * kGroupRows);
    }
  }

  const std::int8_t* CodesOf(std::size_t group) const {
    return image_->codes().data() + group * quads_ * kQuadBytes;
  }

  void Keep(std::size_t query, std::size_t first_group, std::size_t groups,
            const std::int32_t* dots) {
    TopCandidates& best = best_[query];
    const std::size_t first_row = first_group * kGroupRows;
    const std::size_t selected =
        plan_.kernel->select(dots, image_->factors().data() + first_row, groups * kGroupRows,
                             best.threshold(), rows_.data(), scores_.data());
    for (std::size_t i = 0; i < selected; ++i) {
      const std::uint32_t item = image_->items()[first_row + rows_[i]];
      if (item == kNoItem || (removed_ != nullptr && removed_->Contains(item))) continue;
      best.Add({scores_[i], first_slot_ + item});
    }
  }

  std::span<const Segment> segments_;
  const ScanPlan& plan_;
  std::size_t quads_;
  std::size_t block_groups_;
  QueryCodes codes_;
  std::vector<TopCandidates> best_;         // By query.
  std::vector<std::uint32_t> first_slots_;  // By segment.
  const IndexImage* image_ = nullptr;       // Of the segment that is looked at.
  const RowSet* removed_ = nullptr;
  std::uint32_t first_slot_ = 0;
  std::vector<std::int32_t> dots_;  // Of all queries with one block.
  std::vector<std::uint32_t> rows_;
  std::vector<float> scores_;
  std::vector<Prospect> prospects_;
};

// The first k by score, ties by id. Reorders `scored`, whose items are ids.
std::vector<Neighbor> FirstOf(std::vector<ScoredItem>& scored, std::size_t k) {
  const auto end = scored.begin() + static_cast<std::ptrdiff_t>(std::min(k, scored.size()));
  std::partial_sort(scored.begin(), end, scored.end(),
                    [](const ScoredItem& a, const ScoredItem& b) {
                      return Precedes(a, b);  // In a lambda, it is inlined.
                    });
  std::vector<Neighbor> neighbors;
  neighbors.reserve(static_cast<std::size_t>(end - scored.begin()));
  for (auto it = scored.begin(); it != end; ++it) {
    neighbors.push_back({ItemIndex(it->item), it->score});
  }
  return neighbors;
}

// Candidates lie all over the vectors: the next ones are on their way while one is scored.
class Reranker {
 public:
  Reranker(std::span<const Segment> segments, const Scan& scan)
      : segments_(segments), scan_(scan) {}

  std::vector<Neighbor> Rerank(std::span<const float> query, std::span<const ScoredItem> candidates,
                               std::size_t k) {
    constexpr std::size_t kAhead = 6;
    Locate(candidates);
    std::vector<ScoredItem> exact;
    exact.reserve(places_.size());
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (i + kAhead < places_.size()) Prefetch(places_[i + kAhead].vector);
      exact.push_back({LaneDot(query, places_[i].vector), places_[i].id});
    }
    return FirstOf(exact, k);
  }

 private:
  struct Place {
    std::span<const float> vector;
    std::uint32_t id = 0;
  };

  void Locate(std::span<const ScoredItem> candidates) {
    places_.clear();
    for (const ScoredItem& candidate : candidates) {
      const std::size_t segment = scan_.SegmentOf(candidate.item);
      const IndexImage& image = *segments_[segment].image;
      const std::uint32_t item = scan_.ItemOf(candidate.item, segment);
      places_.push_back({image.vectors().row(item), image.id_of(item)});
    }
  }

  static void Prefetch(std::span<const float> vector) {
    constexpr std::size_t kLineFloats = 16;
    for (std::size_t i = 0; i < vector.size(); i += kLineFloats) __builtin_prefetch(&vector[i]);
  }

  std::span<const Segment> segments_;
  const Scan& scan_;
  std::vector<Place> places_;
};

std::vector<std::uint32_t> Sorted(std::span<const Level1Index> excluded) {
  std::vector<std::uint32_t> values;
  values.reserve(excluded.size());
  for (const Level1Index level1 : excluded) values.push_back(level1.value());
  std::sort(values.begin(), values.end());
  return values;
}

std::size_t SizeOf(std::span<const Segment> segments) {
  std::size_t size = 0;
  for (const Segment& segment : segments) size += segment.image->size();
  return size;
}

std::size_t CandidateCount(std::size_t k, std::size_t size) {
  if (k >= size) return std::max<std::size_t>(size, 1);
  return std::min(size, std::max(k * kOverFetch, kMinCandidates));
}

// Calls `body(vector, id)` for every item that a search with these options may find.
template <typename Body>
void ForEachItem(std::span<const Segment> segments, std::span<const std::uint32_t> excluded,
                 Body body) {
  for (const Segment& segment : segments) {
    const IndexImage& image = *segment.image;
    for (const PartitionRows& partition : image.partitions()) {
      if (std::binary_search(excluded.begin(), excluded.end(), partition.level1)) continue;
      const auto rows = image.items().subspan(partition.first_group * kGroupRows,
                                              partition.group_count * kGroupRows);
      for (const std::uint32_t item : rows) {
        if (item == kNoItem || (segment.removed != nullptr && segment.removed->Contains(item))) {
          continue;
        }
        body(image.vectors().row(item), image.id_of(item));
      }
    }
  }
}

}  // namespace

double RecallOf(std::span<const Neighbor> expected, std::span<const Neighbor> found) {
  if (expected.empty()) return 1.0;
  std::vector<std::uint32_t> items;
  for (const Neighbor& neighbor : found) items.push_back(neighbor.item.value());
  std::sort(items.begin(), items.end());
  const auto hits = std::count_if(expected.begin(), expected.end(), [&](const Neighbor& neighbor) {
    return std::binary_search(items.begin(), items.end(), neighbor.item.value());
  });
  return static_cast<double>(hits) / static_cast<double>(expected.size());
}

float LaneDot(std::span<const float> a, std::span<const float> b) {
  constexpr std::size_t kLanes = 16;
  std::array<float, kLanes> sums{};
  const std::size_t whole = a.size() / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  for (std::size_t i = whole; i < a.size(); ++i) sums[i - whole] += a[i] * b[i];
  for (std::size_t width = kLanes / 2; width > 0; width /= 2) {
    for (std::size_t lane = 0; lane < width; ++lane) sums[lane] += sums[lane + width];
  }
  return sums[0];
}

Result<std::vector<std::vector<Neighbor>>> SearchSegments(std::span<const Segment> segments,
                                                          std::size_t dim, EmbeddingsView queries,
                                                          const SearchOptions& options,
                                                          const ScanPlan& plan) {
  TWOHOP_RETURN_IF_ERROR(CheckQueries(dim, queries, options));
  if (queries.rows() == 0) return std::vector<std::vector<Neighbor>>();
  Scan scan(segments, dim, queries, CandidateCount(options.k, SizeOf(segments)), plan);
  scan.Run(Sorted(options.excluded));
  Reranker reranker(segments, scan);
  std::vector<std::vector<Neighbor>> results;
  results.reserve(queries.rows());
  for (std::size_t query = 0; query < queries.rows(); ++query) {
    results.push_back(reranker.Rerank(queries.row(query), scan.Best(query), options.k));
  }
  return results;
}

Result<std::vector<std::vector<Neighbor>>> SearchExhaustively(std::span<const Segment> segments,
                                                              std::size_t dim,
                                                              EmbeddingsView queries,
                                                              const SearchOptions& options) {
  TWOHOP_RETURN_IF_ERROR(CheckQueries(dim, queries, options));
  const std::size_t capacity = std::clamp<std::size_t>(options.k, 1, SizeOf(segments) + 1);
  std::vector<TopCandidates> best(queries.rows(), TopCandidates(capacity));
  ForEachItem(segments, Sorted(options.excluded),
              [&](std::span<const float> vector, std::uint32_t id) {
                for (std::size_t query = 0; query < best.size(); ++query) {
                  best[query].Add({LaneDot(queries.row(query), vector), id});
                }
              });
  std::vector<std::vector<Neighbor>> results;
  for (TopCandidates& candidates : best) {
    std::vector<ScoredItem> scored(candidates.Best().begin(), candidates.Best().end());
    results.push_back(FirstOf(scored, options.k));
  }
  return results;
}

}  // namespace twohop::ann_internal
