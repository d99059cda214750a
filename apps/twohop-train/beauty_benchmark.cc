#include "apps/twohop-train/beauty_benchmark.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "apps/twohop-train/word_vectors.h"
#include <fmt/format.h>

#include "twohop/base/parallel.h"
#include "twohop/towers/training/ranking.h"
#include "twohop/towers/two_tower.h"

namespace twohop::app {
namespace {

constexpr std::size_t kTextDim = 128;

// Positions stand for times, for the data has none: what is for validation comes after all that is
// learned from, and the test after both.
constexpr TimePoint kValidationTime{Milliseconds(1'000'000'000)};
constexpr TimePoint kTestTime{Milliseconds(2'000'000'000)};

TimePoint TimeOf(std::size_t position, std::size_t length) {
  if (position + 1 == length) return kTestTime;
  if (position + 2 == length) return kValidationTime;
  return TimePoint(Milliseconds(static_cast<std::int64_t>(position)));
}

Result<TrainingData> LeaveOneOut(const BeautyReviews& reviews) {
  TrainingDataBuilder builder(reviews.catalog->size());
  for (std::size_t user = 0; user < reviews.sequences.size(); ++user) {
    const UserId id("u" + std::to_string(user));
    const std::vector<ItemIndex>& sequence = reviews.sequences[user];
    for (std::size_t i = 0; i < sequence.size(); ++i) {
      builder.Add(id, sequence[i], TimeOf(i, sequence.size()), InteractionKind::kClicked);
    }
  }
  return std::move(builder).BuildAt({.validation = kValidationTime, .heldout = kTestTime});
}

using Ranks = std::vector<std::size_t>;  // Of the test's rows, or of validation's.

double MeanOf(std::span<const double> values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Of a sample; 0 for a single value.
double DeviationOf(std::span<const double> values) {
  if (values.size() < 2) return 0;
  const double mean = MeanOf(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

// All that the ways of ranking share.
class BeautyRun {
 public:
  BeautyRun(const BeautyReviews& reviews, const TrainingData& data, const BeautyOptions& options,
            const std::filesystem::path& scratch, const Clock& clock, Progress& progress,
            std::stop_token stop)
      : reviews_(reviews),
        catalog_(*reviews.catalog),
        data_(data),
        options_(options),
        checkpoint_(scratch / "checkpoint.bin"),
        clock_(clock),
        progress_(progress),
        stop_(std::move(stop)),
        vectors_(CategoryWordVectors(catalog_.taxonomy(), kTextDim)) {
    const std::span<const TrainingRow> rows = data.heldout_rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (IsNovel(rows[i])) novel_.push_back(i);
    }
  }

  Result<BeautyReport> Run() {
    report_ = {.users = reviews_.sequences.size(),
               .items = catalog_.size(),
               .novel_users = novel_.size(),
               .first_seed = options_.ours.seed};
    TWOHOP_RETURN_IF_ERROR(RankByPopularity());
    TWOHOP_RETURN_IF_ERROR(RankByItemCf());
    TWOHOP_RETURN_IF_ERROR(RankByTowers());
    return std::move(report_);
  }

 private:
  using Scorer = std::function<std::vector<float>(std::span<const ItemIndex> history)>;

  std::span<const ItemIndex> HistoryOf(const TrainingRow& row) const {
    return data_.HistoryBefore(row, row.click + std::size_t{1});
  }

  bool IsNovel(const TrainingRow& row) const {
    const Level1Index target = catalog_.level1_of(data_.item_of(row));
    return std::ranges::none_of(HistoryOf(row),
                                [&](ItemIndex item) { return catalog_.level1_of(item) == target; });
  }

  Result<Ranks> RankBy(const Scorer& score, std::span<const TrainingRow> rows) const {
    Ranks ranks(rows.size());
    ParallelFor(rows.size(), options_.ours.threads, stop_, [&](std::size_t i) {
      const auto history = HistoryOf(rows[i]);
      ranks[i] = RankAmongUnclicked(data_.item_of(rows[i]).value(), score(history), history);
    });
    if (stop_.stop_requested()) return Cancelled("the benchmark was interrupted");
    return ranks;
  }

  void AddTo(BeautyScores& scores, const Ranks& ranks) const {
    std::vector<double>& hits = scores.hit_rates.emplace_back();
    std::vector<double>& ndcgs = scores.ndcgs.emplace_back();
    for (const std::size_t cutoff : kBeautyCutoffs) {
      hits.push_back(HitRateAt(ranks, cutoff));
      ndcgs.push_back(NdcgAt(ranks, cutoff));
    }
    Ranks novel;
    for (const std::size_t i : novel_) novel.push_back(ranks[i]);
    scores.novel_recalls.push_back(HitRateAt(novel, kNovelCutoff));
  }

  Status RankByPopularity() {
    std::vector<float> clicks(data_.click_counts().begin(), data_.click_counts().end());
    TWOHOP_ASSIGN_OR_RETURN(const Ranks ranks,
                            RankBy([&](auto) { return clicks; }, data_.heldout_rows()));
    AddTo(report_.scores.emplace_back(BeautyScores{.name = "popularity"}), ranks);
    return Ok();
  }

  ItemCf LearnItemCf(const ItemCfOptions& options) const {
    std::vector<std::span<const ItemIndex>> users;
    for (const std::vector<ItemIndex>& sequence : reviews_.sequences) {
      users.push_back(std::span(sequence).first(sequence.size() - 2));
    }
    return {users, catalog_.size(), options};
  }

  // Tuned as carefully as ours, and like ours on validation alone.
  Status RankByItemCf() {
    std::vector<ItemCfOptions> grid;
    for (const double power : {0.2, 0.3, 0.4, 0.5}) {
      for (const double discount : {0.0, 1.0}) {
        for (const double decay : {1.0, 0.8, 0.6}) grid.push_back({power, discount, decay});
      }
    }
    const auto stage = progress_.Begin("tune item-to-item CF", grid.size());
    double best = -1;
    for (std::size_t i = 0; i < grid.size(); ++i) {
      TWOHOP_ASSIGN_OR_RETURN(const Ranks ranks, RankByItemCf(grid[i], data_.validation_rows()));
      if (const double ndcg = NdcgAt(ranks, 10); ndcg > best) {
        best = ndcg;
        report_.item_cf = grid[i];
      }
      stage->Update(i + 1);
    }
    TWOHOP_ASSIGN_OR_RETURN(const Ranks ranks, RankByItemCf(report_.item_cf, data_.heldout_rows()));
    AddTo(report_.scores.emplace_back(BeautyScores{.name = "item-to-item CF"}), ranks);
    return Ok();
  }

  Result<Ranks> RankByItemCf(const ItemCfOptions& options,
                             std::span<const TrainingRow> rows) const {
    const ItemCf cf = LearnItemCf(options);
    return RankBy([&](std::span<const ItemIndex> history) { return cf.Score(history); }, rows);
  }

  Status RankByTowers() {
    BeautyScores plain{.name = "plain u2i, default settings"};
    BeautyScores ours{.name = "ours"};
    report_.with_true_category.name = "ours, true category as condition";
    for (std::size_t i = 0; i < options_.seeds; ++i) {
      const std::uint64_t seed = options_.ours.seed + i;
      TWOHOP_ASSIGN_OR_RETURN(const TrainedModel base, Train(options_.plain, seed));
      TWOHOP_ASSIGN_OR_RETURN(const Ranks base_ranks, RankWith(base.model, UserView::kPlain));
      AddTo(plain, base_ranks);
      TWOHOP_ASSIGN_OR_RETURN(TrainedModel full, Train(options_.ours, seed));
      TWOHOP_ASSIGN_OR_RETURN(const Ranks ranks, RankWith(full.model, UserView::kPlain));
      AddTo(ours, ranks);
      TWOHOP_ASSIGN_OR_RETURN(const Ranks told, RankWith(full.model, UserView::kOwnCategory));
      AddTo(report_.with_true_category, told);
      report_.training.push_back(std::move(full.summary));
    }
    report_.scores.push_back(std::move(plain));
    report_.scores.push_back(std::move(ours));
    return Ok();
  }

  Result<TrainedModel> Train(TrainOptions options, std::uint64_t seed) {
    options.seed = seed;
    const TrainingInput input{catalog_, vectors_, kWordEncoder, data_};
    return TrainTwoTower(input, options, checkpoint_, StartFrom::kScratch, clock_, progress_,
                         stop_);
  }

  Result<Ranks> RankWith(const Model& model, UserView view) const {
    TWOHOP_ASSIGN_OR_RETURN(const TwoTower tower,
                            TwoTower::FromModel(model, catalog_, vectors_, kWordEncoder));
    return RankRows(tower, catalog_, vectors_, data_, data_.heldout_rows(), view,
                    options_.ours.threads, stop_);
  }

  const BeautyReviews& reviews_;
  const Catalog& catalog_;
  const TrainingData& data_;
  const BeautyOptions& options_;
  std::filesystem::path checkpoint_;
  const Clock& clock_;
  Progress& progress_;
  std::stop_token stop_;
  Embeddings vectors_;
  std::vector<std::size_t> novel_;  // Rows of the test.
  BeautyReport report_;
};

std::vector<double> Column(const std::vector<std::vector<double>>& rows, std::size_t column) {
  std::vector<double> values;
  for (const std::vector<double>& row : rows) values.push_back(row[column]);
  return values;
}

std::string Cell(std::span<const double> values) {
  if (values.size() < 2) return fmt::format("{:.4f}", MeanOf(values));
  return fmt::format("{:.4f} ± {:.4f}", MeanOf(values), DeviationOf(values));
}

std::string ScoreRow(const BeautyScores& scores) {
  std::string row = fmt::format("| {} |", scores.name);
  for (std::size_t i = 0; i < kBeautyCutoffs.size(); ++i) {
    row +=
        fmt::format(" {} | {} |", Cell(Column(scores.hit_rates, i)), Cell(Column(scores.ndcgs, i)));
  }
  return row + "\n";
}

Json ScoresToJson(const BeautyScores& scores) {
  Json json = {{"name", scores.name},
               {fmt::format("novel_level1_recall@{}", kNovelCutoff), scores.novel_recalls}};
  for (std::size_t i = 0; i < kBeautyCutoffs.size(); ++i) {
    json[fmt::format("hr@{}", kBeautyCutoffs[i])] = Column(scores.hit_rates, i);
    json[fmt::format("ndcg@{}", kBeautyCutoffs[i])] = Column(scores.ndcgs, i);
  }
  return json;
}

}  // namespace

Result<BeautyReport> RunBeautyBenchmark(const BeautyReviews& reviews, const BeautyOptions& options,
                                        const std::filesystem::path& scratch, const Clock& clock,
                                        Progress& progress, const std::stop_token& stop) {
  TWOHOP_ASSIGN_OR_RETURN(const TrainingData data, LeaveOneOut(reviews));
  return BeautyRun(reviews, data, options, scratch, clock, progress, stop).Run();
}

std::string BeautyToMarkdown(const BeautyReport& report) {
  std::string text = fmt::format(
      "Leave-one-out on {} users, all {} items ranked, {} seeds from {} on (mean ± standard "
      "deviation).\n\n| channel |",
      report.users, report.items, report.training.size(), report.first_seed);
  std::string rule = "\n| --- |";
  for (const std::size_t cutoff : kBeautyCutoffs) {
    text += fmt::format(" HR@{0} | NDCG@{0} |", cutoff);
    rule += " --- | --- |";
  }
  text += rule + "\n";
  for (const BeautyScores& scores : report.scores) text += ScoreRow(scores);
  text += fmt::format(
      "\nItem-to-item CF, the best of 24 on validation: popularity power {}, discount of active "
      "users {}, decay {}.\n",
      report.item_cf.popularity_power, report.item_cf.active_discount, report.item_cf.decay);
  text += fmt::format(
      "\nThe {} users whose target is of a level-1 category that their history lacks:\n\n"
      "| channel | recall@{} |\n| --- | --- |\n",
      report.novel_users, kNovelCutoff);
  for (const BeautyScores& scores : report.scores) {
    text += fmt::format("| {} | {} |\n", scores.name, Cell(scores.novel_recalls));
  }
  text += fmt::format("| {} (upper bound) | {} |\n", report.with_true_category.name,
                      Cell(report.with_true_category.novel_recalls));
  return text;
}

Json BeautyToJson(const BeautyReport& report) {
  Json scores = Json::array();
  for (const BeautyScores& one : report.scores) scores.push_back(ScoresToJson(one));
  Json training = Json::array();
  for (const TrainSummary& summary : report.training) training.push_back(SummaryToJson(summary));
  return {{"users", report.users},
          {"items", report.items},
          {"novel_users", report.novel_users},
          {"first_seed", report.first_seed},
          {"item_cf",
           {{"popularity_power", report.item_cf.popularity_power},
            {"active_discount", report.item_cf.active_discount},
            {"decay", report.item_cf.decay}}},
          {"scores", std::move(scores)},
          {"with_true_category", ScoresToJson(report.with_true_category)},
          {"training", std::move(training)}};
}

}  // namespace twohop::app
