// The 0/1/2 judge: how good are interests, by labels.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/base/rng.h"
#include "twohop/distill/labels.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/experiment/bootstrap.h"
#include "twohop/reasoning/interest_generator.h"

namespace twohop {

// What one contestant answered for one user.
struct JudgedAnswer {
  std::vector<CategoryIndex> categories;  // The interests that stood, best first.
  std::vector<std::string> demands;       // demands[i] led to categories[i]; empty: none is known.
  RejectCounts rejected{};                // The proposals that did not.
  TokenUsage usage;
  double seconds = 0.0;
};

// Anything that proposes categories for a user: a generator, a recorded file, a baseline.
struct Contestant {
  std::string name;
  std::function<Result<JudgedAnswer>(const UserContext&, std::stop_token)> answer;
};

// A contestant that asks `generator` and reads `clock` before and after. Both must outlive it, and
// `taxonomy` must be the generator's.
Contestant ContestantOf(std::string name, InterestGenerator& generator, const Taxonomy& taxonomy,
                        const Clock& clock);

// What answers are worth. Shares are in [0, 1]; intervals are bootstrapped over users.
struct Judgement {
  std::string contestant;
  std::size_t users = 0;
  std::size_t interests = 0;
  std::array<Interval, kScoreCount> of_interests;    // Share with this score, by Score.
  std::array<Interval, kScoreCount> of_users_worst;  // Share of users whose worst has it; a user
                                                     // without interests counts for none.
  Interval seen;    // Share of 2 among the interests of users whose searches were trained on ...
  Interval unseen;  // ... and of the others.
  double without = 0.0;  // Share of users without any interest.

  // Of what was proposed, before the filters; each of what the one before it left.
  double valid = 1.0;     // In the schema.
  double grounded = 1.0;  // In the taxonomy.
  double novel = 1.0;     // Level-1 not among the user's clicks.

  double repeats = 0.0;          // Share of interests in a category that the user searched in.
  std::size_t distinct = 0;      // Different categories over all users.
  double prompt_tokens = 0.0;    // Per user.
  double completion_tokens = 0;  // Per user.
  double seconds = 0.0;          // Per user, one after the other.
};

// Asks the contestant for each user, in order, and judges the answers. The same seed gives the same
// intervals.
//
// Errors: those of the contestant, with the user's id in front; kInvalidArgument if there are no
// users.
Result<std::vector<JudgedAnswer>> CollectAnswers(const Contestant& contestant,
                                                 std::span<const LabelledUser> users,
                                                 Progress& progress, std::stop_token stop);

// Judges answers[i] by users[i].
//
// Errors: kInvalidArgument if there are no users. REQUIRES: equal sizes.
Result<Judgement> Judge(std::string contestant, std::span<const LabelledUser> users,
                        std::span<const JudgedAnswer> answers, const Taxonomy& taxonomy,
                        std::uint64_t seed);

}  // namespace twohop
