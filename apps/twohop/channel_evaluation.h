// Does the novelty channel show what is new and wanted? Measured on users whose hidden interests
// are known.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/experiment/bootstrap.h"
#include "twohop/recall/recaller.h"
#include "twohop/simulate/truth.h"
#include "twohop/userstate/user_state.h"

namespace twohop::app {

struct EvaluatedUser {
  UserState state;
  UserTruth truth;
};

// One way to fill a page. Rates are in [0, 1], with 95 % intervals over users.
struct ChannelScore {
  std::string name;
  Interval novel_items;       // Items that are novel to their user, of all items shown.
  Interval users_hit;         // Users who are shown at least one item of a hidden interest.
  Interval hidden_precision;  // Novel items that are of a hidden interest, of all novel items.
  double items_per_page = 0;
  double level1_per_page = 0;  // Different level-1 categories.
};

struct ChannelEvaluation {
  std::size_t users = 0;
  std::size_t page = 0;  // Items asked for.
  std::vector<ChannelScore> scores;
};

// Fills a page for every user from each channel alone, from all channels with the configured share
// of novelty, and with random items of categories that are new to the user.
//
// REQUIRES: there are users, of the recaller's catalogue.
// Errors: those of Recaller::Recall.
Result<ChannelEvaluation> EvaluateChannels(const Recaller& recaller,
                                           std::span<const EvaluatedUser> users, std::size_t page,
                                           double novelty_share, std::uint64_t seed,
                                           Progress& progress);

std::string DescribeEvaluation(const ChannelEvaluation& evaluation);

}  // namespace twohop::app
