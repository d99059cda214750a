#include "twohop/distill/judge.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/check.h"

namespace twohop {
namespace {

std::uint64_t CountOf(const RejectCounts& counts, RejectReason reason) {
  return counts[static_cast<std::size_t>(reason)];
}

double Share(double part, double whole) { return whole > 0.0 ? part / whole : 1.0; }

std::set<CategoryIndex> SearchedCategories(const UserContext& user, const Taxonomy& taxonomy) {
  std::set<CategoryIndex> searched;
  for (const RecentSearch& search : user.searches) {
    if (const auto category = taxonomy.FindBySearch(search.query)) searched.insert(*category);
  }
  return searched;
}

// The answers to one contestant's users on their way to a judgement.
class Tally {
 public:
  void Add(const LabelledUser& user, const JudgedAnswer& answer, const Taxonomy& taxonomy) {
    std::array<double, kScoreCount> counts{};
    const std::set<CategoryIndex> searched = SearchedCategories(user.user, taxonomy);
    std::size_t worst = kScoreCount;
    for (const CategoryIndex category : answer.categories) {
      const auto score = static_cast<std::size_t>(user.ScoreOf(category));
      ++counts[score];
      worst = std::min(worst, score);
      repeats_ += searched.contains(category) ? 1 : 0;
      distinct_.insert(category);
    }
    AddShares(counts, worst, user.unseen, static_cast<double>(answer.categories.size()));
    interests_ += answer.categories.size();
    without_ += answer.categories.empty() ? 1 : 0;
    AddRejected(answer);
    usage_ += answer.usage;
    seconds_ += answer.seconds;
  }

  Result<Judgement> Finish(std::string contestant, std::uint64_t seed) const {
    Judgement judgement;
    judgement.contestant = std::move(contestant);
    judgement.users = users_;
    judgement.interests = interests_;
    Rng rng(seed);
    for (std::size_t score = 0; score < kScoreCount; ++score) {
      TWOHOP_ASSIGN_OR_RETURN(judgement.of_interests[score],
                              BootstrapRatio(by_score_[score], {}, rng));
      TWOHOP_ASSIGN_OR_RETURN(judgement.of_users_worst[score],
                              BootstrapRatio(by_worst_[score], {}, rng));
    }
    if (!seen_.empty()) {
      TWOHOP_ASSIGN_OR_RETURN(judgement.seen, BootstrapRatio(seen_, {}, rng));
    }
    if (!unseen_.empty()) {
      TWOHOP_ASSIGN_OR_RETURN(judgement.unseen, BootstrapRatio(unseen_, {}, rng));
    }
    AddRates(judgement);
    return judgement;
  }

 private:
  void AddShares(const std::array<double, kScoreCount>& counts, std::size_t worst, bool unseen,
                 double total) {
    for (std::size_t score = 0; score < kScoreCount; ++score) {
      by_score_[score].push_back({counts[score], total});
      by_worst_[score].push_back({worst == score ? 1.0 : 0.0, total > 0.0 ? 1.0 : 0.0});
    }
    (unseen ? unseen_ : seen_).push_back({counts[static_cast<std::size_t>(Score::k2)], total});
    ++users_;
  }

  void AddRejected(const JudgedAnswer& answer) {
    proposed_ += answer.categories.size();
    for (std::size_t i = 0; i < kRejectReasonCount; ++i) {
      rejected_[i] += answer.rejected[i];
      proposed_ += answer.rejected[i];
    }
  }

  // The filters run in the order of RejectReason: what an earlier one took, a later one never saw.
  void AddRates(Judgement& judgement) const {
    double left = static_cast<double>(proposed_);
    const auto pass = [&](std::initializer_list<RejectReason> reasons) {
      const double before = left;
      for (const RejectReason reason : reasons) {
        left -= static_cast<double>(CountOf(rejected_, reason));
      }
      return Share(left, before);
    };
    judgement.valid = pass({RejectReason::kSchema, RejectReason::kRelation});
    judgement.grounded = pass({RejectReason::kUnknownCategory});
    pass({RejectReason::kBlocked});
    judgement.novel = pass({RejectReason::kNotNovel});
    const auto users = static_cast<double>(users_);
    judgement.without = static_cast<double>(without_) / users;
    judgement.repeats =
        interests_ == 0 ? 0.0 : static_cast<double>(repeats_) / static_cast<double>(interests_);
    judgement.distinct = distinct_.size();
    judgement.prompt_tokens = static_cast<double>(usage_.prompt_tokens) / users;
    judgement.completion_tokens = static_cast<double>(usage_.completion_tokens) / users;
    judgement.seconds = seconds_ / users;
  }

  std::array<std::vector<Fraction>, kScoreCount> by_score_;
  std::array<std::vector<Fraction>, kScoreCount> by_worst_;
  std::vector<Fraction> seen_;
  std::vector<Fraction> unseen_;
  std::set<CategoryIndex> distinct_;
  RejectCounts rejected_{};
  std::uint64_t proposed_ = 0;
  std::size_t users_ = 0;
  std::size_t interests_ = 0;
  std::size_t repeats_ = 0;
  std::size_t without_ = 0;
  TokenUsage usage_;
  double seconds_ = 0.0;
};

}  // namespace

Contestant ContestantOf(std::string name, InterestGenerator& generator, const Taxonomy& taxonomy,
                        const Clock& clock) {
  const auto answer = [&generator, &taxonomy, &clock](
                          const UserContext& user, std::stop_token stop) -> Result<JudgedAnswer> {
    const auto start = clock.Monotonic();
    TWOHOP_ASSIGN_OR_RETURN(const Generation generation, generator.Generate(user, std::move(stop)));
    JudgedAnswer answered{.rejected = generation.rejected, .usage = generation.usage};
    answered.seconds = std::chrono::duration<double>(clock.Monotonic() - start).count();
    for (const LatentInterest& interest : generation.interests.interests) {
      const auto category = taxonomy.FindById(interest.category_id);
      TWOHOP_CHECK(category.has_value());  // The contract of Generate.
      answered.categories.push_back(*category);
      answered.demands.push_back(interest.demand);
    }
    return answered;
  };
  return {.name = std::move(name), .answer = answer};
}

Result<std::vector<JudgedAnswer>> CollectAnswers(const Contestant& contestant,
                                                 std::span<const LabelledUser> users,
                                                 Progress& progress, std::stop_token stop) {
  const auto stage = progress.Begin("judge " + contestant.name, users.size());
  std::vector<JudgedAnswer> answers;
  for (const LabelledUser& user : users) {
    auto answer = contestant.answer(user.user, stop);
    if (!answer.has_value()) {
      return Annotate(answer, fmt::format("user {}", user.user.profile.id.value()));
    }
    answers.push_back(*std::move(answer));
    stage->Update(answers.size());
  }
  return answers;
}

Result<Judgement> Judge(std::string contestant, std::span<const LabelledUser> users,
                        std::span<const JudgedAnswer> answers, const Taxonomy& taxonomy,
                        std::uint64_t seed) {
  TWOHOP_CHECK(users.size() == answers.size());
  Tally tally;
  for (std::size_t i = 0; i < users.size(); ++i) tally.Add(users[i], answers[i], taxonomy);
  return tally.Finish(std::move(contestant), seed);
}

}  // namespace twohop
