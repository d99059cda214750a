#include "twohop/towers/training/evaluation.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "twohop/base/mutex.h"
#include "twohop/base/parallel.h"
#include "twohop/base/rng.h"
#include "twohop/towers/training/ranking.h"

namespace twohop {
namespace {

using Scores = Eigen::VectorXf;  // [N]
using ItemMatrix =
    Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

constexpr std::size_t kLongList = 50;
constexpr std::size_t kShortList = 10;

struct TestCase {
  TrainingRow row;
  TrainingRow other_user;  // Gives the history and profile of another user.
  CategoryIndex other_category;
};

// The measures of one row; EvaluationReport has their means.
struct RowReport {
  std::array<std::size_t, 3> ranks{};  // Conditioned, plain, by popularity; 0 is first.
  double in_true_category = 0;
  double in_other_category = 0;
  double shared_between_interests = 0;
  double rank_in_category = 0;
  double rank_in_category_of_other_user = 0;
  double shared_between_users = 0;
};

// The k best items of `candidates`, best first; ties by ascending index.
std::vector<std::uint32_t> TopOf(const Scores& scores, std::vector<std::uint32_t> candidates,
                                 std::size_t k) {
  const auto end = candidates.begin() + static_cast<std::ptrdiff_t>(std::min(k, candidates.size()));
  std::ranges::partial_sort(candidates, end, [&](std::uint32_t a, std::uint32_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  });
  candidates.erase(end, candidates.end());
  return candidates;
}

// Shared items in relation to the longer list.
double SharedShare(std::vector<std::uint32_t> a, std::vector<std::uint32_t> b) {
  if (a.empty() || b.empty()) return 0;
  std::ranges::sort(a);
  std::ranges::sort(b);
  std::vector<std::uint32_t> both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return static_cast<double>(both.size()) / static_cast<double>(std::max(a.size(), b.size()));
}

// Evaluates rows; const and thread-safe. The arguments must outlive it.
class Evaluator {
 public:
  Evaluator(const TwoTower& tower, const Catalog& catalog, EmbeddingsView category_vectors,
            const TrainingData& data)
      : tower_(tower),
        catalog_(catalog),
        category_vectors_(category_vectors),
        data_(data),
        items_(tower.EmbedItems()),
        all_(catalog.size()),
        items_of_category_(catalog.taxonomy().size()),
        popularity_(static_cast<Eigen::Index>(catalog.size())) {
    std::iota(all_.begin(), all_.end(), 0U);
    for (std::uint32_t i = 0; i < catalog.size(); ++i) {
      items_of_category_[CategoryOf(i).value()].push_back(i);
      popularity_[i] = static_cast<float>(data.click_counts()[i]);
    }
  }

  Result<RowReport> Evaluate(const TestCase& test) const;

 private:
  CategoryIndex CategoryOf(std::uint32_t item) const {
    return catalog_.at(ItemIndex(item)).category;
  }

  UserFeatures FeaturesOf(const TrainingRow& row) const {
    const UserProfile& profile = data_.profile(row.user);
    const auto clicks = data_.HistoryBefore(row, data_.items());
    return {.age_group = profile.age_group,
            .gender = profile.gender,
            .history = {clicks.rbegin(), clicks.rend()}};
  }

  Result<Scores> ScoresUnder(const UserFeatures& user, CategoryIndex category) const {
    const EmbeddingsView condition(category_vectors_.row(category.value()),
                                   category_vectors_.dim());
    TWOHOP_ASSIGN_OR_RETURN(const Embeddings query, tower_.EmbedUser(user, condition));
    return ScoresOf(query);
  }

  Scores ScoresOf(const Embeddings& query) const {
    const ItemMatrix items(items_.data().data(), static_cast<Eigen::Index>(items_.rows()),
                           static_cast<Eigen::Index>(items_.dim()));
    return items * Eigen::Map<const Eigen::VectorXf>(query.data().data(), items.cols());
  }

  static std::size_t RankOf(std::uint32_t item, const Scores& scores,
                            std::span<const ItemIndex> clicked) {
    return RankAmongUnclicked(item, {scores.data(), static_cast<std::size_t>(scores.size())},
                              clicked);
  }
  double RankInCategory(std::uint32_t item, const Scores& scores) const;
  double ShareInCategory(const Scores& scores, CategoryIndex category) const;

  const TwoTower& tower_;
  const Catalog& catalog_;
  EmbeddingsView category_vectors_;
  const TrainingData& data_;
  Embeddings items_;
  std::vector<std::uint32_t> all_;
  std::vector<std::vector<std::uint32_t>> items_of_category_;
  Scores popularity_;
};

double Evaluator::RankInCategory(std::uint32_t item, const Scores& scores) const {
  const std::vector<std::uint32_t>& siblings = items_of_category_[CategoryOf(item).value()];
  if (siblings.size() < 2) return 0.5;
  double behind = 0;
  for (const std::uint32_t other : siblings) {
    if (other == item) continue;
    behind += scores[other] < scores[item] ? 1.0 : scores[other] == scores[item] ? 0.5 : 0.0;
  }
  return behind / static_cast<double>(siblings.size() - 1);
}

double Evaluator::ShareInCategory(const Scores& scores, CategoryIndex category) const {
  const std::size_t size = std::min(kShortList, items_of_category_[category.value()].size());
  if (size == 0) return 0;
  const std::vector<std::uint32_t> top = TopOf(scores, all_, size);
  const auto hits =
      std::ranges::count_if(top, [&](std::uint32_t item) { return CategoryOf(item) == category; });
  return static_cast<double>(hits) / static_cast<double>(size);
}

Result<RowReport> Evaluator::Evaluate(const TestCase& test) const {
  const std::uint32_t item = data_.item_of(test.row).value();
  const CategoryIndex category = CategoryOf(item);
  const UserFeatures user = FeaturesOf(test.row);
  const auto clicked = data_.HistoryBefore(test.row, test.row.click + std::size_t{1});
  TWOHOP_ASSIGN_OR_RETURN(const Scores own, ScoresUnder(user, category));
  TWOHOP_ASSIGN_OR_RETURN(const Embeddings plain, tower_.EmbedUserPlain(user));
  TWOHOP_ASSIGN_OR_RETURN(const Scores other, ScoresUnder(user, test.other_category));
  TWOHOP_ASSIGN_OR_RETURN(const Scores swapped, ScoresUnder(FeaturesOf(test.other_user), category));
  return RowReport{
      .ranks = {RankOf(item, own, clicked), RankOf(item, ScoresOf(plain), clicked),
                RankOf(item, popularity_, clicked)},
      .in_true_category = ShareInCategory(own, category),
      .in_other_category = ShareInCategory(other, test.other_category),
      .shared_between_interests =
          SharedShare(TopOf(own, all_, kLongList), TopOf(other, all_, kLongList)),
      .rank_in_category = RankInCategory(item, own),
      .rank_in_category_of_other_user = RankInCategory(item, swapped),
      .shared_between_users =
          SharedShare(TopOf(own, all_, kShortList), TopOf(swapped, all_, kShortList)),
  };
}

// Another category that has items, unless there is none.
CategoryIndex DrawOtherCategory(const Catalog& catalog, CategoryIndex category, Rng& rng) {
  for (int i = 0; i < 100; ++i) {
    const ItemIndex item(static_cast<std::uint32_t>(rng.Below(catalog.size())));
    if (catalog.at(item).category != category) return catalog.at(item).category;
  }
  return category;
}

std::vector<TestCase> DrawTestCases(const Catalog& catalog, const TrainingData& data,
                                    const EvaluationOptions& options) {
  Rng rng(options.seed);
  std::vector<TrainingRow> rows(data.heldout_rows().begin(), data.heldout_rows().end());
  rng.Shuffle(std::span(rows));
  std::vector<TestCase> cases;
  for (std::size_t i = 0; i < std::min(options.max_rows, rows.size()); ++i) {
    TrainingRow other = rows[i];
    for (int j = 0; j < 100 && other.user == rows[i].user; ++j)
      other = rows[rng.Below(rows.size())];
    const CategoryIndex category = catalog.at(data.item_of(rows[i])).category;
    cases.push_back({.row = rows[i],
                     .other_user = other,
                     .other_category = DrawOtherCategory(catalog, category, rng)});
  }
  return cases;
}

void AddRecalls(std::size_t rank, RecallAtCutoffs& recalls) {
  for (std::size_t i = 0; i < recalls.size(); ++i) recalls[i] += rank < kRecallCutoffs[i] ? 1 : 0;
}

void AddTo(EvaluationReport& sums, const RowReport& row) {
  ++sums.rows;
  AddRecalls(row.ranks[0], sums.conditioned);
  AddRecalls(row.ranks[1], sums.plain);
  AddRecalls(row.ranks[2], sums.popularity);
  sums.in_true_category += row.in_true_category;
  sums.in_other_category += row.in_other_category;
  sums.shared_between_interests += row.shared_between_interests;
  sums.rank_in_category += row.rank_in_category;
  sums.rank_in_category_of_other_user += row.rank_in_category_of_other_user;
  sums.shared_between_users += row.shared_between_users;
}

void DivideByRows(EvaluationReport& report) {
  if (report.rows == 0) return;
  const auto rows = static_cast<double>(report.rows);
  for (RecallAtCutoffs* recalls : {&report.conditioned, &report.plain, &report.popularity}) {
    for (double& recall : *recalls) recall /= rows;
  }
  for (double* mean : {&report.in_true_category, &report.in_other_category,
                       &report.shared_between_interests, &report.rank_in_category,
                       &report.rank_in_category_of_other_user, &report.shared_between_users}) {
    *mean /= rows;
  }
}

Json RecallsToJson(const RecallAtCutoffs& recalls) {
  Json json = Json::object();
  for (std::size_t i = 0; i < recalls.size(); ++i) {
    json["recall@" + std::to_string(kRecallCutoffs[i])] = recalls[i];
  }
  return json;
}

}  // namespace

Result<EvaluationReport> EvaluateTwoTower(const TwoTower& tower, const Catalog& catalog,
                                          EmbeddingsView category_vectors, const TrainingData& data,
                                          const EvaluationOptions& options, Progress& progress,
                                          std::stop_token stop) {
  const std::vector<TestCase> cases = DrawTestCases(catalog, data, options);
  const auto stage = progress.Begin("evaluate two-tower", cases.size());
  const Evaluator evaluator(tower, catalog, category_vectors, data);
  // Kept apart and summed in order, so that the sums do not depend on who finished first.
  std::vector<std::optional<Result<RowReport>>> rows(cases.size());
  Mutex mutex;
  std::size_t done = 0;
  ParallelFor(cases.size(), options.threads, stop, [&](std::size_t i) {
    rows[i] = evaluator.Evaluate(cases[i]);
    MutexLock lock(mutex);
    stage->Update(++done);
  });
  EvaluationReport report;
  report.heldout_rows = data.heldout_rows().size();
  for (const std::optional<Result<RowReport>>& row : rows) {
    if (!row.has_value()) return Cancelled("evaluation stopped");
    TWOHOP_RETURN_IF_ERROR(*row);
    AddTo(report, **row);
  }
  DivideByRows(report);
  return report;
}

Json ReportToJson(const EvaluationReport& report) {
  return {
      {"rows", report.rows},
      {"heldout_rows", report.heldout_rows},
      {"conditioned", RecallsToJson(report.conditioned)},
      {"plain", RecallsToJson(report.plain)},
      {"popularity", RecallsToJson(report.popularity)},
      {"other_interest_same_user",
       {{"in_true_category", report.in_true_category},
        {"in_other_category", report.in_other_category},
        {"shared_items", report.shared_between_interests}}},
      {"other_user_same_interest",
       {{"rank_in_category", report.rank_in_category},
        {"rank_in_category_of_other_user", report.rank_in_category_of_other_user},
        {"shared_items", report.shared_between_users}}},
  };
}

}  // namespace twohop
