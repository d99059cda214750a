#include "twohop/distill/baselines.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/rng.h"
#include "twohop/reasoning/category_space.h"

namespace twohop {
namespace {

std::vector<CategoryIndex> AllCategories(const Taxonomy& taxonomy) {
  std::vector<CategoryIndex> all;
  for (std::uint32_t i = 0; i < taxonomy.size(); ++i) all.emplace_back(i);
  return all;
}

// The first ones of `order` that are new to the user, within the limits.
JudgedAnswer FirstNew(std::span<const CategoryIndex> order, const UserContext& user,
                      const Taxonomy& taxonomy, const BaselineOptions& options) {
  const std::vector<bool> shown = MarkLevel1(taxonomy, user.clicked_level1);
  std::vector<std::size_t> per_level1(taxonomy.level1_count());
  JudgedAnswer answer;
  for (const CategoryIndex category : order) {
    if (answer.categories.size() == options.interests) break;
    const std::size_t level1 = taxonomy.level1_of(category).value();
    if (shown[level1] || per_level1[level1] == options.max_per_level1) continue;
    ++per_level1[level1];
    answer.categories.push_back(category);
  }
  return answer;
}

std::vector<CategoryIndex> MostProposedFirst(const Taxonomy& taxonomy,
                                             std::span<const Trace> traces) {
  std::vector<std::size_t> count(taxonomy.size());
  for (const Trace& trace : traces) {
    for (const TraceInterest& interest : trace.interests) ++count[interest.category.value()];
  }
  std::vector<CategoryIndex> order = AllCategories(taxonomy);
  std::stable_sort(order.begin(), order.end(), [&](CategoryIndex a, CategoryIndex b) {
    return count[a.value()] > count[b.value()];
  });
  return order;
}

// A recorded interest that is not novel is what the filters would have rejected.
JudgedAnswer AnswerOf(const Trace& trace, const UserContext& user, const Taxonomy& taxonomy) {
  const std::vector<bool> shown = MarkLevel1(taxonomy, user.clicked_level1);
  JudgedAnswer answer;
  for (const TraceInterest& interest : trace.interests) {
    if (shown[taxonomy.level1_of(interest.category).value()]) {
      ++answer.rejected[static_cast<std::size_t>(RejectReason::kNotNovel)];
    } else {
      answer.categories.push_back(interest.category);
      answer.demands.push_back(trace.demands[interest.demand].text);
    }
  }
  return answer;
}

}  // namespace

Contestant RandomContestant(std::shared_ptr<const Taxonomy> taxonomy, std::uint64_t seed,
                            const BaselineOptions& options) {
  return {.name = "random",
          .answer = [taxonomy = std::move(taxonomy), seed, options](
                        const UserContext& user, const std::stop_token&) -> Result<JudgedAnswer> {
            std::vector<CategoryIndex> order = AllCategories(*taxonomy);
            Rng(seed).Fork(user.profile.id.value()).Shuffle(std::span(order));
            return FirstNew(order, user, *taxonomy, options);
          }};
}

Contestant PopularContestant(std::shared_ptr<const Taxonomy> taxonomy,
                             std::span<const Trace> traces, const BaselineOptions& options) {
  std::vector<CategoryIndex> order = MostProposedFirst(*taxonomy, traces);
  return {.name = "popular",
          .answer = [taxonomy = std::move(taxonomy), order = std::move(order), options](
                        const UserContext& user, const std::stop_token&) -> Result<JudgedAnswer> {
            return FirstNew(order, user, *taxonomy, options);
          }};
}

Contestant RecordedContestant(std::string name, std::vector<Trace> traces,
                              std::shared_ptr<const Taxonomy> taxonomy) {
  auto by_user = std::make_shared<std::unordered_map<std::string, Trace>>();
  for (Trace& trace : traces) {
    std::string id = trace.user.profile.id.value();
    by_user->insert_or_assign(std::move(id), std::move(trace));
  }
  return {.name = std::move(name),
          .answer = [by_user, taxonomy = std::move(taxonomy)](
                        const UserContext& user, const std::stop_token&) -> Result<JudgedAnswer> {
            const auto found = by_user->find(user.profile.id.value());
            if (found == by_user->end()) return NotFound("no answer was recorded");
            return AnswerOf(found->second, user, *taxonomy);
          }};
}

}  // namespace twohop
