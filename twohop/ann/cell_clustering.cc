#include "twohop/ann/cell_clustering.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "twohop/ann/int8_kernels.h"
#include "twohop/ann/quantize.h"
#include "twohop/ann/segment_search.h"
#include "twohop/base/rng.h"

namespace twohop::ann_internal {
namespace {

constexpr std::size_t kBatch = 8;  // Rows that share one pass over the centres.

// Centres as the kernels want them.
class CodedCenters {
 public:
  CodedCenters(const Embeddings& centers, std::size_t quads)
      : group_count_(GroupsOf(centers.rows())), codes_(group_count_ * quads * kQuadBytes) {
    std::vector<std::int8_t> codes(quads * kQuad);
    for (std::size_t center = 0; center < centers.rows(); ++center) {
      factors_.push_back(Quantize(centers.row(center), codes));
      half_norms_.push_back(0.5F * LaneDot(centers.row(center), centers.row(center)));
      WriteRowCodes(codes, codes_.data(), center);
    }
  }

  std::size_t group_count() const { return group_count_; }
  const std::int8_t* codes() const { return codes_.data(); }

  // The nearest centre to a row with this factor: |x - c|^2 / 2 less what all have in common. The
  // first of equals.
  std::uint32_t Nearest(const std::int32_t* dots, float factor) const {
    std::uint32_t nearest = 0;
    float best = -std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < factors_.size(); ++i) {
      const float nearness = static_cast<float>(dots[i]) * factors_[i] * factor - half_norms_[i];
      if (nearness > best) {
        best = nearness;
        nearest = static_cast<std::uint32_t>(i);
      }
    }
    return nearest;
  }

 private:
  std::size_t group_count_;
  std::vector<std::int8_t> codes_;
  std::vector<float> factors_;
  std::vector<float> half_norms_;
};

// The items of one partition.
class PartitionClustering {
 public:
  PartitionClustering(EmbeddingsView items, std::span<const std::uint32_t> rows,
                      std::size_t cell_count, Rng rng)
      : items_(items),
        rows_(rows),
        quads_(QuadsOf(items.dim())),
        codes_(rows.size() * quads_ * kQuad),
        cell_of_row_(rows.size()),
        rng_(rng) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      factors_.push_back(Quantize(items.row(rows[i]), CodesOf(i)));
    }
    ChooseCenters(cell_count);
  }

  void Run(std::size_t rounds) {
    for (std::size_t round = 0; round < rounds; ++round) {
      Assign();
      Center();
    }
    Assign();
    DropEmptyCells();
    Center();
  }

  const std::vector<std::uint32_t>& cell_of_row() const { return cell_of_row_; }
  const Embeddings& centers() const { return centers_; }

  std::vector<float> Spreads() const {
    std::vector<double> sums(centers_.rows());
    std::vector<double> counts(centers_.rows());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const auto row = items_.row(rows_[i]);
      const auto center = centers_.row(cell_of_row_[i]);
      for (std::size_t d = 0; d < row.size(); ++d) {
        const double distance = static_cast<double>(row[d]) - static_cast<double>(center[d]);
        sums[cell_of_row_[i]] += distance * distance;
      }
      counts[cell_of_row_[i]] += static_cast<double>(row.size());
    }
    std::vector<float> spreads;
    for (std::size_t cell = 0; cell < sums.size(); ++cell) {
      spreads.push_back(static_cast<float>(std::sqrt(sums[cell] / counts[cell])));
    }
    return spreads;
  }

 private:
  std::span<std::int8_t> CodesOf(std::size_t i) {
    return std::span(codes_).subspan(i * quads_ * kQuad, quads_ * kQuad);
  }

  void ChooseCenters(std::size_t count) {
    std::vector<std::uint32_t> order(rows_.begin(), rows_.end());
    rng_.Shuffle(std::span(order));
    centers_ = Embeddings(items_.dim());
    for (std::size_t i = 0; i < count; ++i) centers_.Append(items_.row(order[i]));
  }

  void Assign() {
    const CodedCenters centers(centers_, quads_);
    const std::size_t padded = centers.group_count() * kGroupRows;
    std::vector<std::int32_t> dots(kBatch * padded);
    for (std::size_t first = 0; first < rows_.size(); first += kBatch) {
      const std::size_t count = std::min(kBatch, rows_.size() - first);
      BestKernel().dot(centers.codes(), centers.group_count(), quads_, CodesOf(first).data(), count,
                       dots.data());
      for (std::size_t i = 0; i < count; ++i) {
        cell_of_row_[first + i] = centers.Nearest(dots.data() + i * padded, factors_[first + i]);
      }
    }
  }

  // A centre that nothing is nearest to starts anew at a random item.
  void Center() {
    std::vector<double> sums(centers_.rows() * items_.dim());
    std::vector<std::size_t> counts(centers_.rows());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const auto row = items_.row(rows_[i]);
      double* sum = sums.data() + cell_of_row_[i] * row.size();
      for (std::size_t d = 0; d < row.size(); ++d) sum[d] += static_cast<double>(row[d]);
      ++counts[cell_of_row_[i]];
    }
    for (std::size_t cell = 0; cell < counts.size(); ++cell) {
      const auto center = centers_.mutable_row(cell);
      if (counts[cell] == 0) {
        const auto row = items_.row(rows_[rng_.Below(rows_.size())]);
        std::copy(row.begin(), row.end(), center.begin());
        continue;
      }
      for (std::size_t d = 0; d < center.size(); ++d) {
        center[d] =
            static_cast<float>(sums[cell * center.size() + d] / static_cast<double>(counts[cell]));
      }
    }
  }

  void DropEmptyCells() {
    std::vector<std::uint32_t> number(centers_.rows(), kNoItem);
    for (const std::uint32_t cell : cell_of_row_) number[cell] = 0;
    Embeddings kept(items_.dim());
    for (std::size_t cell = 0; cell < number.size(); ++cell) {
      if (number[cell] == kNoItem) continue;
      number[cell] = static_cast<std::uint32_t>(kept.rows());
      kept.Append(centers_.row(cell));
    }
    centers_ = std::move(kept);
    for (std::uint32_t& cell : cell_of_row_) cell = number[cell];
  }

  EmbeddingsView items_;
  std::span<const std::uint32_t> rows_;
  std::size_t quads_;
  std::vector<std::int8_t> codes_;  // [rows, quads_ * kQuad]
  std::vector<float> factors_;
  std::vector<std::uint32_t> cell_of_row_;
  Embeddings centers_;
  Rng rng_;
};

}  // namespace

CellClustering ClusterPartitions(EmbeddingsView items,
                                 std::span<const Level1Index> partition_of_item,
                                 const ClusteringOptions& options) {
  CellClustering clustering;
  clustering.cell_of_item.assign(items.rows(), kNoItem);
  clustering.centers = Embeddings(items.dim());
  std::map<std::uint32_t, std::vector<std::uint32_t>> rows_of_level1;
  for (std::uint32_t item = 0; item < items.rows(); ++item) {
    rows_of_level1[partition_of_item[item].value()].push_back(item);
  }
  const Rng rng(options.seed);
  for (const auto& [level1, rows] : rows_of_level1) {
    if (rows.size() < std::max<std::size_t>(options.min_rows, 1)) continue;
    const std::size_t count = std::max<std::size_t>(1, rows.size() / options.rows_per_cell);
    PartitionClustering partition(items, rows, count, rng.Fork("cells", level1));
    partition.Run(options.rounds);
    const auto first = static_cast<std::uint32_t>(clustering.spreads.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      clustering.cell_of_item[rows[i]] = first + partition.cell_of_row()[i];
    }
    for (std::size_t cell = 0; cell < partition.centers().rows(); ++cell) {
      clustering.centers.Append(partition.centers().row(cell));
    }
    const std::vector<float> spreads = partition.Spreads();
    clustering.spreads.insert(clustering.spreads.end(), spreads.begin(), spreads.end());
  }
  return clustering;
}

}  // namespace twohop::ann_internal
