// How well a trained model finds held-out clicks, and whether its conditions mean what they should.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stop_token>

#include "twohop/base/embeddings.h"
#include "twohop/base/json.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/domain/catalog.h"
#include "twohop/towers/training/training_data.h"
#include "twohop/towers/two_tower.h"

namespace twohop {

inline constexpr std::array<std::size_t, 3> kRecallCutoffs = {10, 50, 100};

// Share of held-out clicks that are among the first kRecallCutoffs[i] of all items, those that the
// user had clicked before left out. Larger is better.
using RecallAtCutoffs = std::array<double, kRecallCutoffs.size()>;

// Shares and means over the rows, each in [0, 1].
struct EvaluationReport {
  std::size_t rows = 0;
  std::size_t heldout_rows = 0;  // Of which `rows` were drawn.

  RecallAtCutoffs conditioned{};  // The user under the clicked item's own category.
  RecallAtCutoffs plain{};        // The user without a condition.
  RecallAtCutoffs popularity{};   // Items by their clicks in training, the same for all users.

  // Another interest, same user → other categories. Items of the condition's category among the
  // first ten (or as many as the category has), for the true category and for one drawn by chance;
  // items that the two lists of fifty share.
  double in_true_category = 0;
  double in_other_category = 0;
  double shared_between_interests = 0;

  // Another user, same interest → other items. Where the clicked item ranks among its category's
  // items, 1 for first and 0 for last, for its user and for a user drawn by chance under the same
  // condition; 0.5 is chance. Items that the two users' first ten share.
  double rank_in_category = 0;
  double rank_in_category_of_other_user = 0;
  double shared_between_users = 0;
};

struct EvaluationOptions {
  std::size_t max_rows = 1000;  // Drawn by chance from the held-out rows.
  std::size_t threads = 2;      // 0: one per core.
  std::uint64_t seed = 1;
};

// Takes about 5 · rows · items inner products and, per thread, memory for a score of each item.
//
// Errors: kCancelled if a stop is requested; those of TwoTower::EmbedUser. No held-out rows give a
// report of zeros.
Result<EvaluationReport> EvaluateTwoTower(const TwoTower& tower, const Catalog& catalog,
                                          EmbeddingsView category_vectors, const TrainingData& data,
                                          const EvaluationOptions& options, Progress& progress,
                                          std::stop_token stop);

Json ReportToJson(const EvaluationReport& report);

}  // namespace twohop
