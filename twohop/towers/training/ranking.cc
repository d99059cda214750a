#include "twohop/towers/training/ranking.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <Eigen/Core>

#include "twohop/base/parallel.h"

namespace twohop {
namespace {

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const RowMajor> ViewOf(const Embeddings& rows) {
  return {rows.data().data(), static_cast<Eigen::Index>(rows.rows()),
          static_cast<Eigen::Index>(rows.dim())};
}

// Ranks rows in blocks; const and thread-safe. The arguments must outlive it.
class RowRanker {
 public:
  RowRanker(const TwoTower& tower, const Catalog& catalog, EmbeddingsView category_vectors,
            const TrainingData& data, UserView view)
      : tower_(tower),
        catalog_(catalog),
        category_vectors_(category_vectors),
        data_(data),
        view_(view),
        items_(tower.EmbedItems()) {}

  Status Rank(std::span<const TrainingRow> rows, std::span<std::size_t> ranks) const {
    Embeddings queries(tower_.dim());
    for (const TrainingRow& row : rows) {
      TWOHOP_ASSIGN_OR_RETURN(const Embeddings query, Embed(row));
      queries.Append(query.row(0));
    }
    const RowMajor scores = ViewOf(queries) * ViewOf(items_).transpose();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::span row(scores.row(static_cast<Eigen::Index>(i)).data(), items_.rows());
      ranks[i] = RankAmongUnclicked(data_.item_of(rows[i]).value(), row, Clicked(rows[i]));
    }
    return Ok();
  }

 private:
  std::span<const ItemIndex> Clicked(const TrainingRow& row) const {
    return data_.HistoryBefore(row, row.click + std::size_t{1});
  }

  Result<Embeddings> Embed(const TrainingRow& row) const {
    const UserProfile& profile = data_.profile(row.user);
    const std::span<const ItemIndex> clicks = Clicked(row);
    const UserFeatures user{.age_group = profile.age_group,
                            .gender = profile.gender,
                            .history = {clicks.rbegin(), clicks.rend()}};
    if (view_ == UserView::kPlain) return tower_.EmbedUserPlain(user);
    const CategoryIndex category = catalog_.at(data_.item_of(row)).category;
    return tower_.EmbedUser(user,
                            {category_vectors_.row(category.value()), category_vectors_.dim()});
  }

  const TwoTower& tower_;
  const Catalog& catalog_;
  EmbeddingsView category_vectors_;
  const TrainingData& data_;
  UserView view_;
  Embeddings items_;
};

}  // namespace

std::size_t RankAmongUnclicked(std::uint32_t item, std::span<const float> scores,
                               std::span<const ItemIndex> clicked) {
  const float own = scores[item];
  const auto precedes = [&](std::uint32_t other) {
    return scores[other] > own || (scores[other] == own && other < item);
  };
  std::size_t before = 0;
  for (std::uint32_t other = 0; other < scores.size(); ++other) before += precedes(other) ? 1 : 0;
  std::vector<std::uint32_t> known;
  for (const ItemIndex one : clicked) known.push_back(one.value());
  std::ranges::sort(known);
  known.erase(std::ranges::unique(known).begin(), known.end());
  return before - static_cast<std::size_t>(std::ranges::count_if(known, precedes));
}

Result<std::vector<std::size_t>> RankRows(const TwoTower& tower, const Catalog& catalog,
                                          EmbeddingsView category_vectors, const TrainingData& data,
                                          std::span<const TrainingRow> rows, UserView view,
                                          std::size_t threads, const std::stop_token& stop) {
  constexpr std::size_t kBlock = 64;
  const RowRanker ranker(tower, catalog, category_vectors, data, view);
  std::vector<std::size_t> ranks(rows.size());
  std::vector<std::optional<Status>> blocks((rows.size() + kBlock - 1) / kBlock);
  ParallelFor(blocks.size(), threads, stop, [&](std::size_t i) {
    const std::size_t first = i * kBlock;
    const std::size_t count = std::min(kBlock, rows.size() - first);
    blocks[i] = ranker.Rank(rows.subspan(first, count), std::span(ranks).subspan(first, count));
  });
  for (const std::optional<Status>& block : blocks) {
    if (!block.has_value()) return Cancelled("ranking stopped");
    TWOHOP_RETURN_IF_ERROR(*block);
  }
  return ranks;
}

double HitRateAt(std::span<const std::size_t> ranks, std::size_t cutoff) {
  if (ranks.empty()) return 0;
  const auto hits = std::ranges::count_if(ranks, [&](std::size_t rank) { return rank < cutoff; });
  return static_cast<double>(hits) / static_cast<double>(ranks.size());
}

double NdcgAt(std::span<const std::size_t> ranks, std::size_t cutoff) {
  if (ranks.empty()) return 0;
  double sum = 0;
  for (const std::size_t rank : ranks) {
    if (rank < cutoff) sum += 1 / std::log2(static_cast<double>(rank) + 2);
  }
  return sum / static_cast<double>(ranks.size());
}

}  // namespace twohop
