#include "twohop/distill/preference_pairs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <utility>

#include "twohop/base/check.h"

namespace twohop {
namespace {

constexpr std::array<std::string_view, kPairSourceCount> kNames{"labels", "edges", "scores"};

using Categories = std::vector<CategoryIndex>;

bool Holds(const Categories& categories, CategoryIndex category) {
  return std::find(categories.begin(), categories.end(), category) != categories.end();
}

// Positions of two answers and by how much the first is better.
struct Difference {
  std::size_t better = 0;
  std::size_t worse = 0;
  double margin = 0.0;
};

std::vector<Difference> DifferencesOf(std::span<const ScoredAnswer> answers, double min_margin) {
  std::vector<Difference> differences;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    for (std::size_t j = 0; j < answers.size(); ++j) {
      const double margin = answers[i].score - answers[j].score;
      if (margin < min_margin || answers[i].text == answers[j].text) continue;
      differences.push_back({.better = i, .worse = j, .margin = margin});
    }
  }
  std::stable_sort(differences.begin(), differences.end(),
                   [](const Difference& a, const Difference& b) { return a.margin > b.margin; });
  return differences;
}

// `list` with stretches at random places.
Categories Stretched(Categories list, const Categories& stretch, Rng& rng) {
  std::vector<std::size_t> places(list.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  rng.Shuffle(std::span<std::size_t>(places));
  const std::size_t count = std::min(stretch.size(), std::max<std::size_t>(list.size() / 2, 1));
  for (std::size_t i = 0; i < count; ++i) list[places[i]] = stretch[i];
  return list;
}

class PairMaker {
 public:
  PairMaker(const Taxonomy& taxonomy, const PromptSet& prompts, const RowOptions& options)
      : taxonomy_(taxonomy), prompts_(prompts), options_(options), rng_(options.seed) {
    TWOHOP_DCHECK(options.Validate().has_value());
  }

  std::optional<PreferencePair> FromEdges(const DemandEdges& edges) const {
    const auto demand = UsableDemand(edges.demand);
    if (!demand || edges.stretch.empty()) return std::nullopt;
    Rng rng = rng_.Fork("preference of " + *demand);
    Categories chosen = DrawOrder(edges.calls_for, options_.tau, rng);
    chosen.resize(std::min(chosen.size(), options_.categories_per_demand));
    const Categories rejected = Stretched(chosen, edges.stretch, rng);
    return Make(PairSource::kEdges, *demand, chosen, rejected);
  }

  std::optional<PreferencePair> FromLabels(const LabelledUser& labelled, const Trace& answer,
                                           std::size_t demand) const {
    const auto text = UsableDemand(answer.demands[demand].text);
    std::array<Categories, kScoreCount> by_score;
    for (const TraceInterest& interest : answer.interests) {
      if (interest.demand != demand) continue;
      const Score score = labelled.ScoreOf(interest.category);
      Categories& same = by_score[static_cast<std::size_t>(score)];
      if (!Holds(same, interest.category)) same.push_back(interest.category);
    }
    Categories chosen = by_score[static_cast<std::size_t>(Score::k2)];
    Categories rejected = by_score[static_cast<std::size_t>(Score::k1)];
    const Categories& wrong = by_score[static_cast<std::size_t>(Score::k0)];
    rejected.insert(rejected.end(), wrong.begin(), wrong.end());
    if (answer.demands.size() == 1) AddOthers(labelled.score_2, chosen);
    if (!text || chosen.empty() || rejected.empty()) return std::nullopt;
    return Make(PairSource::kLabels, *text, chosen, rejected);
  }

 private:
  static void AddOthers(const Categories& others, Categories& chosen) {
    for (const CategoryIndex category : others) {
      if (!Holds(chosen, category)) chosen.push_back(category);
    }
  }

  PreferencePair Make(PairSource source, std::string_view demand, const Categories& chosen,
                      const Categories& rejected) const {
    const std::size_t limit = options_.categories_per_demand;
    return {.source = source,
            .prompt = AskForCategories(demand, prompts_),
            .chosen = CategoryListReply(chosen, taxonomy_, limit),
            .rejected = CategoryListReply(rejected, taxonomy_, limit)};
  }

  const Taxonomy& taxonomy_;
  const PromptSet& prompts_;
  const RowOptions& options_;
  const Rng rng_;
};

}  // namespace

std::string_view PairSourceName(PairSource source) {
  return kNames[static_cast<std::size_t>(source)];
}

std::vector<PreferencePair> PairAnswers(const std::vector<ChatMessage>& prompt,
                                        std::span<const ScoredAnswer> answers,
                                        const PairOptions& options) {
  TWOHOP_DCHECK(options.min_margin > 0);
  std::vector<PreferencePair> pairs;
  for (const Difference& difference : DifferencesOf(answers, options.min_margin)) {
    if (pairs.size() == options.max_pairs) break;
    pairs.push_back({.source = PairSource::kScores,
                     .prompt = prompt,
                     .chosen = answers[difference.better].text,
                     .rejected = answers[difference.worse].text});
  }
  return pairs;
}

std::vector<PreferencePair> PairsFromEdges(std::span<const DemandEdges> edges,
                                           const Taxonomy& taxonomy, const PromptSet& prompts,
                                           const RowOptions& options) {
  const PairMaker maker(taxonomy, prompts, options);
  std::vector<PreferencePair> pairs;
  for (const DemandEdges& one : edges) {
    if (auto pair = maker.FromEdges(one)) pairs.push_back(*std::move(pair));
  }
  return pairs;
}

std::vector<PreferencePair> PairsFromLabels(std::span<const LabelledUser> labels,
                                            std::span<const Trace> answers,
                                            const Taxonomy& taxonomy, const PromptSet& prompts,
                                            const RowOptions& options) {
  const PairMaker maker(taxonomy, prompts, options);
  std::unordered_map<std::string, const LabelledUser*> by_user;
  for (const LabelledUser& labelled : labels) {
    by_user.emplace(labelled.user.profile.id.value(), &labelled);
  }
  std::vector<PreferencePair> pairs;
  for (const Trace& answer : answers) {
    const auto labelled = by_user.find(answer.user.profile.id.value());
    for (std::size_t i = 0; labelled != by_user.end() && i < answer.demands.size(); ++i) {
      auto pair = maker.FromLabels(*labelled->second, answer, i);
      if (pair) pairs.push_back(*std::move(pair));
    }
  }
  return pairs;
}

}  // namespace twohop
