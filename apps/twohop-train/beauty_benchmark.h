// The leave-one-out benchmark on Amazon Beauty, with the published protocol.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "apps/twohop-train/beauty_reader.h"
#include "apps/twohop-train/item_cf.h"

#include "twohop/base/clock.h"
#include "twohop/base/json.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/towers/training/train_options.h"
#include "twohop/towers/training/trainer.h"

namespace twohop::app {

// The last item of each user is the test's target, the one before it validation's, the rest is
// learned from. All items are ranked but those of the user's own history, which at the test
// includes the one of validation.
struct BeautyOptions {
  TrainOptions ours;
  TrainOptions plain;     // A tower as `twohop-train` trains one by default.
  std::size_t seeds = 3;  // Of training; the first is ours.seed.
};

inline constexpr std::array<std::size_t, 3> kBeautyCutoffs = {5, 10, 20};
inline constexpr std::size_t kNovelCutoff = 100;

// One way to rank, in one number or, of what is trained, one a seed. All in [0, 1].
struct BeautyScores {
  std::string name;
  std::vector<std::vector<double>> hit_rates;  // [seeds][kBeautyCutoffs.size()]
  std::vector<std::vector<double>> ndcgs;      // Likewise.
  // Recall@100 of targets whose level-1 category the user's history lacks.
  std::vector<double> novel_recalls;  // [seeds]
};

struct BeautyReport {
  std::size_t users = 0;
  std::size_t items = 0;
  std::size_t novel_users = 0;         // Whose target is of a level-1 category new to them.
  ItemCfOptions item_cf;               // The best on validation.
  std::vector<BeautyScores> scores;    // Popularity, item-to-item CF, plain u2i, ours.
  BeautyScores with_true_category;     // Ours, told the target's category: an upper bound.
  std::vector<TrainSummary> training;  // Of ours, by seed.
  std::uint64_t first_seed = 1;
};

// Trains and ranks. Nothing is chosen by its score in the test: item-to-item CF is tuned, and
// training is stopped, on validation. `scratch` is a folder for checkpoints.
//
// Errors: those of TrainTwoTower and RankRows.
Result<BeautyReport> RunBeautyBenchmark(const BeautyReviews& reviews, const BeautyOptions& options,
                                        const std::filesystem::path& scratch, const Clock& clock,
                                        Progress& progress, const std::stop_token& stop);

// Two tables for a person: all targets, and those that are novel; means over the seeds, ± their
// standard deviation.
std::string BeautyToMarkdown(const BeautyReport& report);

Json BeautyToJson(const BeautyReport& report);

}  // namespace twohop::app
