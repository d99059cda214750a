#include "twohop/distill/rubric_judgement.h"

#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/base/mutex.h"
#include "twohop/base/parallel.h"

namespace twohop {
namespace {

// Per user the positions of the questions; only the users that the limit reaches.
using Ballot = std::vector<std::vector<std::size_t>>;

// The different questions among the interests of all contestants.
class QuestionList {
 public:
  explicit QuestionList(std::span<const LabelledUser> users) : users_(users) {}

  Ballot Add(const RubricEntry& entry, std::size_t max_interests) {
    TWOHOP_CHECK(entry.answers.size() == users_.size());
    Ballot ballot;
    std::size_t taken = 0;
    for (std::size_t user = 0; user < users_.size(); ++user) {
      if (max_interests != 0 && taken == max_interests) break;
      auto& questions = ballot.emplace_back();
      const JudgedAnswer& answer = entry.answers[user];
      for (std::size_t i = 0; i < answer.categories.size(); ++i) {
        if (max_interests != 0 && taken == max_interests) break;
        const bool has_demand = i < answer.demands.size();
        questions.push_back(
            Find(user, answer.categories[i], has_demand ? answer.demands[i] : std::string()));
        ++taken;
      }
    }
    return ballot;
  }

  std::vector<JudgedPair> Take() && { return std::move(pairs_); }

 private:
  std::size_t Find(std::size_t user, CategoryIndex category, const std::string& demand) {
    const auto [at, is_new] =
        by_content_.emplace(std::tuple(user, category, demand), pairs_.size());
    if (is_new) {
      pairs_.push_back({.user = user,
                        .category = category,
                        .demand = demand,
                        .label = users_[user].ScoreOf(category),
                        .score = std::nullopt,
                        .reason = {}});
    }
    return at->second;
  }

  const std::span<const LabelledUser> users_;
  std::vector<JudgedPair> pairs_;
  std::map<std::tuple<std::size_t, CategoryIndex, std::string>, std::size_t> by_content_;
};

// The verdicts as they come in. Thread-safe.
class VerdictTally {
 public:
  VerdictTally(std::size_t count, std::unique_ptr<ProgressStage> stage)
      : stage_(std::move(stage)), verdicts_(count) {}

  void Add(std::size_t question, RubricVerdict verdict) {
    MutexLock lock(mutex_);
    unusable_ += verdict.score ? 0 : 1;
    verdicts_[question] = std::move(verdict);
    stage_->Update(++done_);
    if (unusable_ > 0) stage_->Note(fmt::format("{} without a usable reply", unusable_));
  }

  // The first error stays: the others follow from it.
  void Fail(Error error) {
    MutexLock lock(mutex_);
    if (!failure_) failure_ = std::move(error);
  }

  Result<std::vector<RubricVerdict>> Finish() && {
    MutexLock lock(mutex_);
    if (failure_) return tl::unexpected<Error>(*std::move(failure_));
    if (done_ < verdicts_.size()) return Cancelled("judging was stopped");
    return std::move(verdicts_);
  }

 private:
  const std::unique_ptr<ProgressStage> stage_;
  Mutex mutex_;
  std::vector<RubricVerdict> verdicts_ TWOHOP_GUARDED_BY(mutex_);
  std::size_t done_ TWOHOP_GUARDED_BY(mutex_) = 0;
  std::size_t unusable_ TWOHOP_GUARDED_BY(mutex_) = 0;
  std::optional<Error> failure_ TWOHOP_GUARDED_BY(mutex_);
};

Result<RubricVerdict> AskAbout(const JudgedPair& pair, const UserContext& user,
                               const RubricJudge& judge, ChatClient& chat, std::stop_token stop) {
  auto verdict = judge.Ask(user, pair.category, pair.demand, chat, std::move(stop));
  if (verdict.has_value()) return verdict;
  return Annotate(verdict, fmt::format("user {}, {}", user.profile.id.value(),
                                       judge.taxonomy().label(pair.category)));
}

// verdicts[i] on pairs[i].
Result<std::vector<RubricVerdict>> AskAll(std::span<const JudgedPair> pairs,
                                          std::span<const LabelledUser> users,
                                          const RubricJudge& judge, ChatClient& chat,
                                          std::size_t concurrency, Progress& progress,
                                          const std::stop_token& stop) {
  VerdictTally tally(pairs.size(), progress.Begin("rubric judge", pairs.size()));
  // An error ends the calls under way too: without all verdicts there is no result.
  std::stop_source end;
  const std::stop_callback forward(stop, [&end] { end.request_stop(); });
  ParallelFor(pairs.size(), concurrency, end.get_token(), [&](std::size_t i) {
    const UserContext& user = users[pairs[i].user].user;
    auto verdict = AskAbout(pairs[i], user, judge, chat, end.get_token());
    if (verdict.has_value()) return tally.Add(i, *std::move(verdict));
    tally.Fail(std::move(verdict).error());
    end.request_stop();
  });
  return std::move(tally).Finish();
}

void Settle(std::span<const RubricVerdict> verdicts, RubricJudgement& judgement) {
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    JudgedPair& pair = judgement.pairs[i];
    pair.score = verdicts[i].score;
    pair.reason = verdicts[i].reason;
    judgement.usage += verdicts[i].usage;
    if (!pair.score) {
      ++judgement.unusable;
      continue;
    }
    const auto label = static_cast<std::size_t>(pair.label);
    ++judgement.agreement[label][static_cast<std::size_t>(*pair.score)];
  }
  judgement.kappa = CohensKappa(judgement.agreement, KappaWeights::kNone);
  judgement.weighted_kappa = CohensKappa(judgement.agreement, KappaWeights::kQuadratic);
}

// One contestant's interests on their way to a row.
class RowTally {
 public:
  void Add(std::span<const std::size_t> questions, std::span<const JudgedPair> pairs) {
    std::array<double, kScoreCount> counts{};
    double scored = 0.0;
    for (const std::size_t question : questions) {
      const std::optional<Score> score = pairs[question].score;
      if (!score) continue;
      ++counts[static_cast<std::size_t>(*score)];
      ++scored;
    }
    for (std::size_t score = 0; score < kScoreCount; ++score) {
      by_score_[score].push_back({counts[score], scored});
    }
    interests_ += questions.size();
    scored_ += scored;
  }

  Result<RubricRow> Finish(std::string contestant, std::uint64_t seed) const {
    RubricRow row{.contestant = std::move(contestant), .interests = interests_};
    if (interests_ > 0) row.unusable = 1.0 - scored_ / static_cast<double>(interests_);
    Rng rng(seed);
    for (std::size_t score = 0; score < kScoreCount; ++score) {
      TWOHOP_ASSIGN_OR_RETURN(row.of_interests[score], BootstrapRatio(by_score_[score], {}, rng));
    }
    return row;
  }

 private:
  std::array<std::vector<Fraction>, kScoreCount> by_score_;
  std::size_t interests_ = 0;
  double scored_ = 0.0;
};

}  // namespace

Result<RubricJudgement> JudgeByRubric(std::span<const LabelledUser> users,
                                      std::span<const RubricEntry> entries,
                                      const RubricJudge& judge, ChatClient& chat,
                                      const RubricRunOptions& options, Progress& progress,
                                      std::stop_token stop) {
  if (users.empty()) return InvalidArgument("there are no users");
  QuestionList questions(users);
  std::vector<Ballot> ballots;
  for (const RubricEntry& entry : entries) {
    ballots.push_back(questions.Add(entry, options.max_interests));
  }
  RubricJudgement judgement{.model = chat.model(), .prompt_version = judge.prompt_version()};
  judgement.pairs = std::move(questions).Take();
  TWOHOP_ASSIGN_OR_RETURN(
      const std::vector<RubricVerdict> verdicts,
      AskAll(judgement.pairs, users, judge, chat, options.concurrency, progress, stop));
  Settle(verdicts, judgement);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    RowTally tally;
    for (const auto& questions_of_user : ballots[i]) tally.Add(questions_of_user, judgement.pairs);
    TWOHOP_ASSIGN_OR_RETURN(judgement.rows.emplace_back(),
                            tally.Finish(entries[i].contestant, options.seed));
  }
  return judgement;
}

}  // namespace twohop
