#include "twohop/distill/judge_report.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

namespace twohop {
namespace {

const Interval& Of(const std::array<Interval, kScoreCount>& shares, Score score) {
  return shares[static_cast<std::size_t>(score)];
}

std::string Percent(double share) { return fmt::format("{:.1f}", 100.0 * share); }

std::string WithInterval(const Interval& share) {
  return fmt::format("{:.1f} [{:.1f}, {:.1f}]", 100.0 * share.estimate, 100.0 * share.low,
                     100.0 * share.high);
}

std::string Row(const Judgement& j) {
  const auto worst = [&](Score score) { return Percent(Of(j.of_users_worst, score).estimate); };
  const double per_user =
      j.users == 0 ? 0.0 : static_cast<double>(j.interests) / static_cast<double>(j.users);
  return fmt::format(
      "| {} | {} | {} | {} | {} / {} | {} / {} / {} | {:.1f} | {} / {} / {} | {} | {} | {:.0f} + "
      "{:.0f} | {:.2f} |\n",
      j.contestant, WithInterval(Of(j.of_interests, Score::k2)),
      Percent(Of(j.of_interests, Score::k1).estimate), WithInterval(Of(j.of_interests, Score::k0)),
      Percent(j.seen.estimate), Percent(j.unseen.estimate), worst(Score::k2), worst(Score::k1),
      worst(Score::k0), per_user, Percent(j.valid), Percent(j.grounded), Percent(j.novel),
      Percent(j.repeats), j.distinct, j.prompt_tokens, j.completion_tokens, j.seconds);
}

Json IntervalToJson(const Interval& interval) {
  return Json::array({interval.estimate, interval.low, interval.high});
}

Json ByScore(const std::array<Interval, kScoreCount>& shares) {
  return {{"2", IntervalToJson(Of(shares, Score::k2))},
          {"1", IntervalToJson(Of(shares, Score::k1))},
          {"0", IntervalToJson(Of(shares, Score::k0))}};
}

Json ToJson(const Judgement& j) {
  return {{"contestant", j.contestant},
          {"users", j.users},
          {"users_without_interests", j.without},
          {"interests", j.interests},
          {"score_of_interests", ByScore(j.of_interests)},
          {"worst_score_of_users", ByScore(j.of_users_worst)},
          {"score_2_seen", IntervalToJson(j.seen)},
          {"score_2_unseen", IntervalToJson(j.unseen)},
          {"valid", j.valid},
          {"grounded", j.grounded},
          {"novel", j.novel},
          {"repeats_of_a_search", j.repeats},
          {"distinct_categories", j.distinct},
          {"prompt_tokens_per_user", j.prompt_tokens},
          {"completion_tokens_per_user", j.completion_tokens},
          {"seconds_per_user", j.seconds}};
}

std::string RubricLine(const RubricRow& row) {
  return fmt::format(
      "| {} | {} | {} | {} | {} | {} |\n", row.contestant,
      WithInterval(Of(row.of_interests, Score::k2)), WithInterval(Of(row.of_interests, Score::k1)),
      WithInterval(Of(row.of_interests, Score::k0)), row.interests, Percent(row.unusable));
}

std::string KappaText(std::optional<double> kappa) {
  return kappa ? fmt::format("{:.2f}", *kappa) : "not known";
}

Json KappaToJson(std::optional<double> kappa) { return kappa ? Json(*kappa) : Json(nullptr); }

Json RowToJson(const RubricRow& row) {
  return {{"contestant", row.contestant},
          {"interests", row.interests},
          {"score_of_interests", ByScore(row.of_interests)},
          {"unusable", row.unusable}};
}

Json PairToJson(const JudgedPair& pair, std::span<const LabelledUser> users,
                const Taxonomy& taxonomy) {
  return {{"user_id", users[pair.user].user.profile.id.value()},
          {"category", taxonomy.label(pair.category)},
          {"demand", pair.demand},
          {"label", static_cast<int>(pair.label)},
          {"score", pair.score ? Json(static_cast<int>(*pair.score)) : Json(nullptr)},
          {"reason", pair.reason}};
}

}  // namespace

std::string JudgementsToMarkdown(std::span<const Judgement> judgements) {
  std::string table =
      "| contestant | score 2, % | score 1, % | score 0, % | score 2 seen / unseen, % | users "
      "whose "
      "worst is 2 / 1 / 0, % | interests a user | valid / grounded / novel, % | repeats of a "
      "search, "
      "% | different categories | prompt + generated tokens a user | s a user |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const Judgement& judgement : judgements) table += Row(judgement);
  return table;
}

Json JudgementsToJson(std::span<const Judgement> judgements) {
  Json all = Json::array();
  for (const Judgement& judgement : judgements) all.push_back(ToJson(judgement));
  return all;
}

std::string RubricToMarkdown(const RubricJudgement& judgement) {
  std::string table =
      "| contestant, by a rubric judge | score 2, % | score 1, % | score 0, % | interests judged | "
      "unusable, % |\n|---|---|---|---|---|---|\n";
  for (const RubricRow& row : judgement.rows) table += RubricLine(row);
  return table + fmt::format(
                     "\nJudge: {} with {}. {} pairs of user and path, {} without a usable answer. "
                     "Cohen's kappa against the labels {}, quadratically weighted {}. {} + {} "
                     "tokens in {} calls.\n",
                     judgement.model, judgement.prompt_version, judgement.pairs.size(),
                     judgement.unusable, KappaText(judgement.kappa),
                     KappaText(judgement.weighted_kappa), judgement.usage.prompt_tokens,
                     judgement.usage.completion_tokens, judgement.usage.calls);
}

Json RubricToJson(const RubricJudgement& judgement, std::span<const LabelledUser> users,
                  const Taxonomy& taxonomy) {
  Json rows = Json::array();
  for (const RubricRow& row : judgement.rows) rows.push_back(RowToJson(row));
  Json pairs = Json::array();
  for (const JudgedPair& pair : judgement.pairs) pairs.push_back(PairToJson(pair, users, taxonomy));
  return {{"model", judgement.model},
          {"prompt_version", judgement.prompt_version},
          {"contestants", std::move(rows)},
          {"unusable_pairs", judgement.unusable},
          {"label_by_score", judgement.agreement},
          {"kappa", KappaToJson(judgement.kappa)},
          {"kappa_quadratic", KappaToJson(judgement.weighted_kappa)},
          {"prompt_tokens", judgement.usage.prompt_tokens},
          {"completion_tokens", judgement.usage.completion_tokens},
          {"calls", judgement.usage.calls},
          {"pairs", std::move(pairs)}};
}

}  // namespace twohop
