#include "apps/twohop/demo_report.h"

#include <algorithm>
#include <utility>

#include "apps/twohop/recall_report.h"
#include "apps/twohop/text_table.h"
#include <fmt/format.h>

#include "twohop/base/text.h"

namespace twohop::app {
namespace {

constexpr std::size_t kStoryItems = 5;
constexpr std::size_t kPage = 20;
constexpr std::size_t kTitleBytes = 52;

bool HasStory(const UserState& user) {
  return !user.searches.empty() && user.interests.has_value() && !user.interests->interests.empty();
}

bool IsHidden(const UserTruth& truth, CategoryIndex category) {
  return std::find(truth.hidden.begin(), truth.hidden.end(), category) != truth.hidden.end();
}

std::string DescribeItems(const RecallResponse& response, const Catalog& catalog,
                          const UserTruth& truth) {
  TextTable table({"item", "category", "from the demand", ""});
  for (const RecalledItem& recalled : response.items) {
    const Item& item = catalog.at(recalled.item);
    table.AddRow({Ellipsize(item.title, kTitleBytes), catalog.taxonomy().label(item.category),
                  recalled.reason, IsHidden(truth, item.category) ? "hit" : ""});
  }
  return table.Format();
}

Result<std::string> TellStory(const Recaller& recaller, const EvaluatedUser& user) {
  TWOHOP_ASSIGN_OR_RETURN(
      const RecallResponse response,
      recaller.Recall(user.state, {.k = kStoryItems, .only = ChannelKind::kNovelty}));
  return fmt::format("{}{}{}", DescribeUser(user.state), DescribeInterests(user.state),
                     DescribeItems(response, recaller.bundle().catalog(), user.truth));
}

template <typename Predicate>
Result<std::vector<EvaluatedUser>> FindWithInterests(const UserStateStore& states,
                                                     std::span<const UserTruth> truth,
                                                     std::size_t limit,
                                                     const Predicate& predicate) {
  std::vector<EvaluatedUser> users;
  for (const UserTruth& known : truth) {
    if (users.size() == limit) break;
    if (known.hidden.empty()) continue;
    TWOHOP_ASSIGN_OR_RETURN(auto state, states.Get(known.user));
    if (!state.has_value() || !state->interests.has_value() || !predicate(*state)) continue;
    users.push_back({.state = *std::move(state), .truth = known});
  }
  return users;
}

}  // namespace

Result<std::vector<EvaluatedUser>> FindEvaluatedUsers(const UserStateStore& states,
                                                      std::span<const UserTruth> truth,
                                                      std::size_t limit) {
  return FindWithInterests(states, truth, limit,
                           [](const UserState& user) { return !user.searches.empty(); });
}

Result<std::vector<EvaluatedUser>> FindCohortUsers(const UserStateStore& states,
                                                   std::span<const UserTruth> truth,
                                                   std::size_t limit) {
  return FindWithInterests(states, truth, limit, [](const UserState& user) {
    return std::ranges::any_of(user.interests->interests, [](const LatentInterest& interest) {
      return !interest.cohort.empty();
    });
  });
}

Result<std::string> TellStories(const Recaller& recaller, std::span<const EvaluatedUser> users,
                                std::size_t count) {
  std::vector<const EvaluatedUser*> with_story;
  for (const EvaluatedUser& user : users) {
    if (HasStory(user.state)) with_story.push_back(&user);
  }
  count = std::min(count, with_story.size());
  std::string stories;
  for (std::size_t i = 0; i < count; ++i) {
    TWOHOP_ASSIGN_OR_RETURN(const std::string story,
                            TellStory(recaller, *with_story[i * with_story.size() / count]));
    stories += story + "\n";
  }
  return stories;
}

Result<LatencySummary> TimeRecalls(const Recaller& recaller, const UserStateStore& states,
                                   std::span<const EvaluatedUser> users, std::size_t count,
                                   double novelty_share, const Clock& clock) {
  const RecallRequest request{.k = kPage, .novelty_share = novelty_share};
  std::vector<std::chrono::nanoseconds> durations;
  for (std::size_t i = 0; i < count && !users.empty(); ++i) {
    const UserId& user = users[i % users.size()].state.profile.id;
    const Stopwatch watch(clock);
    TWOHOP_ASSIGN_OR_RETURN(const auto state, states.Get(user));
    if (!state.has_value()) return NotFound(fmt::format("user \"{}\"", user.value()));
    TWOHOP_RETURN_IF_ERROR(recaller.Recall(*state, request));
    durations.push_back(watch.elapsed());
  }
  return SummarizeLatency(durations);
}

}  // namespace twohop::app
