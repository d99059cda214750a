#include "twohop/distill/comparison.h"

#include <set>

#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/base/rng.h"
#include "twohop/distill/judge_report.h"

namespace twohop {
namespace {

using CategorySet = std::set<CategoryIndex>;

CategorySet SetOf(const JudgedAnswer& answer) {
  return {answer.categories.begin(), answer.categories.end()};
}

double Jaccard(const CategorySet& a, const CategorySet& b) {
  if (a.empty() && b.empty()) return 1.0;
  std::size_t common = 0;
  for (const CategoryIndex category : a) common += b.contains(category) ? 1 : 0;
  return static_cast<double>(common) / static_cast<double>(a.size() + b.size() - common);
}

double MeanScore(const LabelledUser& user, const JudgedAnswer& answer) {
  if (answer.categories.empty()) return 0.0;
  double sum = 0.0;
  for (const CategoryIndex category : answer.categories) {
    sum += static_cast<double>(user.ScoreOf(category));
  }
  return sum / static_cast<double>(answer.categories.size());
}

double Percent(double share) { return 100.0 * share; }

std::string Cell(const Interval& interval) {
  return fmt::format("{:.1f} [{:.1f}, {:.1f}]", Percent(interval.estimate), Percent(interval.low),
                     Percent(interval.high));
}

}  // namespace

double StabilityOf(std::span<const JudgedAnswer> a, std::span<const JudgedAnswer> b) {
  TWOHOP_CHECK(a.size() == b.size() && !a.empty());
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += Jaccard(SetOf(a[i]), SetOf(b[i]));
  return sum / static_cast<double>(a.size());
}

Result<AnswerChange> ChangeOf(std::span<const LabelledUser> users,
                              std::span<const JudgedAnswer> before,
                              std::span<const JudgedAnswer> after, std::uint64_t seed) {
  TWOHOP_CHECK(users.size() == before.size() && users.size() == after.size());
  std::vector<double> gains;
  double changed = 0.0;
  double better = 0.0;
  double worse = 0.0;
  for (std::size_t i = 0; i < users.size(); ++i) {
    gains.push_back(MeanScore(users[i], after[i]) - MeanScore(users[i], before[i]));
    if (SetOf(before[i]) == SetOf(after[i])) continue;
    ++changed;
    better += gains.back() > 0.0 ? 1.0 : 0.0;
    worse += gains.back() < 0.0 ? 1.0 : 0.0;
  }
  Rng rng(seed);
  AnswerChange change;
  TWOHOP_ASSIGN_OR_RETURN(change.gain, BootstrapMean(gains, {}, rng));
  change.changed = changed / static_cast<double>(users.size());
  if (changed > 0.0) {
    change.better = better / changed;
    change.worse = worse / changed;
  }
  return change;
}

std::string ComparisonToMarkdown(std::span<const ComparedDeliberation> rows) {
  std::string text =
      "| deliberation | score 2, % | score 1, % | score 0, % | interests a user | stability | "
      "changed / better / worse, % of users | gain in mean score | prompt + generated tokens a "
      "user "
      "| s a user |\n|---|---|---|---|---|---|---|---|---|---|\n";
  for (const ComparedDeliberation& row : rows) {
    const Judgement& judged = row.judgement;
    const AnswerChange& change = row.change;
    fmt::format_to(std::back_inserter(text),
                   "| {} | {} | {:.1f} | {} | {:.1f} | {:.2f} | {:.0f} / {:.0f} / {:.0f} | {:+.2f} "
                   "[{:+.2f}, {:+.2f}] | {:.0f} + {:.0f} | {:.2f} |\n",
                   judged.contestant, Cell(judged.of_interests[2]),
                   Percent(judged.of_interests[1].estimate), Cell(judged.of_interests[0]),
                   static_cast<double>(judged.interests) / static_cast<double>(judged.users),
                   row.stability, Percent(change.changed), Percent(change.changed * change.better),
                   Percent(change.changed * change.worse), change.gain.estimate, change.gain.low,
                   change.gain.high, judged.prompt_tokens, judged.completion_tokens,
                   judged.seconds);
  }
  return text;
}

Json ComparisonToJson(std::span<const ComparedDeliberation> rows) {
  Json list = Json::array();
  for (const ComparedDeliberation& row : rows) {
    Json json = JudgementsToJson({&row.judgement, 1}).front();
    json["stability"] = row.stability;
    json["changed"] = row.change.changed;
    json["changed_for_better"] = row.change.better;
    json["changed_for_worse"] = row.change.worse;
    json["gain"] = {row.change.gain.estimate, row.change.gain.low, row.change.gain.high};
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace twohop
