#include "twohop/ann/exact_search.h"

#include <algorithm>
#include <array>

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

Status CheckQueries(const IndexImage& image, EmbeddingsView queries, const SearchOptions& options) {
  if (options.k == 0) return InvalidArgument("k is 0");
  if (queries.rows() > 0 && queries.dim() != image.dim()) {
    return InvalidArgument(
        fmt::format("queries have {} components, the index has {}", queries.dim(), image.dim()));
  }
  for (std::size_t query = 0; query < queries.rows(); ++query) {
    if (!IsSearchable(queries.row(query))) {
      return InvalidArgument(fmt::format("query {} is not finite or too large", query));
    }
  }
  return Ok();
}

// One pass over the partitions, for all queries together.
class Scan {
 public:
  Scan(const IndexImage& image, EmbeddingsView queries, std::size_t candidates,
       const Int8Kernel& kernel)
      : image_(image),
        kernel_(kernel),
        code_bytes_(image.quads() * kQuad),
        block_groups_(std::max<std::size_t>(
            1, kBlockBytes / std::max<std::size_t>(1, image.quads() * kQuadBytes))),
        codes_(queries.rows() * code_bytes_),
        dots_(block_groups_ * kGroupRows) {
    for (std::size_t query = 0; query < queries.rows(); ++query) {
      // The query's own factor would scale all of its scores alike: it is left out.
      Quantize(queries.row(query), QueryCodes(query));
      best_.emplace_back(candidates);
    }
  }

  void Add(const Partition& partition) {
    const std::size_t end = partition.group_count();
    for (std::size_t group = 0; group < end; group += block_groups_) {
      const std::size_t groups = std::min(block_groups_, end - group);
      const std::size_t rows = std::min(groups * kGroupRows, partition.rows - group * kGroupRows);
      for (std::size_t query = 0; query < best_.size(); ++query) {
        ScoreBlock(query, partition.first_group + group, groups, rows);
      }
    }
  }

  std::span<const ScoredItem> Best(std::size_t query) { return best_[query].Best(); }

 private:
  std::span<std::int8_t> QueryCodes(std::size_t query) {
    return std::span(codes_).subspan(query * code_bytes_, code_bytes_);
  }

  void ScoreBlock(std::size_t query, std::size_t first_group, std::size_t groups,
                  std::size_t rows) {
    const std::size_t group_bytes = image_.quads() * kQuadBytes;
    kernel_.dot(image_.codes().data() + first_group * group_bytes, groups, image_.quads(),
                QueryCodes(query).data(), dots_.data());
    for (std::size_t row = 0; row < rows; row += kGroupRows) {
      KeepGroup(best_[query], first_group * kGroupRows + row, dots_.data() + row,
                std::min(kGroupRows, rows - row));
    }
  }

  // Most groups hold nothing good enough: that is found out without a branch per row.
  void KeepGroup(TopCandidates& best, std::size_t first_row, const std::int32_t* dots,
                 std::size_t rows) {
    const float* factors = image_.factors().data() + first_row;
    const float threshold = best.threshold();
    std::array<float, kGroupRows> scores;
    for (std::size_t row = 0; row < kGroupRows; ++row) {
      scores[row] = static_cast<float>(dots[row]) * factors[row];
    }
    int good = 0;  // Apart from the loop above, so that compilers vectorise both.
    for (const float score : scores) good |= score >= threshold ? -1 : 0;
    if (good == 0) return;
    best.AddAll(std::span(scores).first(rows), image_.items().subspan(first_row, rows));
  }

  const IndexImage& image_;
  const Int8Kernel& kernel_;
  std::size_t code_bytes_;
  std::size_t block_groups_;
  std::vector<std::int8_t> codes_;  // [Q, code_bytes_]
  std::vector<std::int32_t> dots_;  // Of one query with one block.
  std::vector<TopCandidates> best_;
};

std::vector<Neighbor> Rerank(const IndexImage& image, std::span<const float> query,
                             std::span<const ScoredItem> candidates, std::size_t k) {
  std::vector<ScoredItem> exact;
  exact.reserve(candidates.size());
  for (const ScoredItem& candidate : candidates) {
    exact.push_back({LaneDot(query, image.vectors().row(candidate.item)), candidate.item});
  }
  const auto end = exact.begin() + static_cast<std::ptrdiff_t>(std::min(k, exact.size()));
  std::partial_sort(exact.begin(), end, exact.end(), [](const ScoredItem& a, const ScoredItem& b) {
    return Precedes(a, b);  // In a lambda, it is inlined.
  });
  std::vector<Neighbor> neighbors;
  neighbors.reserve(static_cast<std::size_t>(end - exact.begin()));
  for (auto it = exact.begin(); it != end; ++it) {
    neighbors.push_back({ItemIndex(it->item), it->score});
  }
  return neighbors;
}

std::vector<std::uint32_t> Sorted(std::span<const Level1Index> excluded) {
  std::vector<std::uint32_t> values;
  values.reserve(excluded.size());
  for (const Level1Index level1 : excluded) values.push_back(level1.value());
  std::sort(values.begin(), values.end());
  return values;
}

std::size_t CandidateCount(std::size_t k, std::size_t size) {
  if (k >= size) return std::max<std::size_t>(size, 1);
  return std::min(size, std::max(k * kOverFetch, kMinCandidates));
}

}  // namespace

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

Result<std::vector<std::vector<Neighbor>>> SearchExact(const IndexImage& image,
                                                       EmbeddingsView queries,
                                                       const SearchOptions& options,
                                                       const Int8Kernel& kernel) {
  TWOHOP_RETURN_IF_ERROR(CheckQueries(image, queries, options));
  const std::vector<std::uint32_t> excluded = Sorted(options.excluded);
  Scan scan(image, queries, CandidateCount(options.k, image.size()), kernel);
  for (const Partition& partition : image.partitions()) {
    if (!std::binary_search(excluded.begin(), excluded.end(), partition.level1)) {
      scan.Add(partition);
    }
  }
  std::vector<std::vector<Neighbor>> results;
  results.reserve(queries.rows());
  for (std::size_t query = 0; query < queries.rows(); ++query) {
    results.push_back(Rerank(image, queries.row(query), scan.Best(query), options.k));
  }
  return results;
}

}  // namespace twohop::ann_internal
