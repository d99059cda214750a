#include "twohop/distill/judge_report.h"

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

}  // namespace twohop
