#include "twohop/nearline/refresh_policy.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "twohop/base/check.h"
#include "twohop/base/hash.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

// 0 stands for "not known".
std::uint64_t NotZero(std::uint64_t hash) { return hash == 0 ? 1 : hash; }

std::chrono::days AgeOf(TimePoint time, TimePoint now) {
  return std::max(std::chrono::floor<std::chrono::days>(now - time), std::chrono::days(0));
}

// Nothing without them, so that fingerprints of before they counted stay what they are.
void AddBrowsed(const std::vector<std::string>& browsed, Hasher& hasher) {
  if (browsed.empty()) return;
  hasher.Add("browsed");
  for (const std::string& label : std::set(browsed.begin(), browsed.end())) hasher.Add(label);
}

struct Browsing {
  std::size_t clicks = 0;
  double weight = 0.0;
};

// By label. Items that were not in the catalogue, and categories that are not any more, do not
// count.
std::map<std::string, Browsing> CountClicks(std::span<const ClickRecord> clicks,
                                            const EvidenceOptions& options) {
  std::map<std::string, Browsing> by_label;
  const std::chrono::duration<double> half_life = options.half_life;
  for (const ClickRecord& click : clicks) {
    const auto category = options.taxonomy->FindById(click.category_id);
    if (!category) continue;
    const std::chrono::duration<double> age = clicks.front().time - click.time;
    Browsing& one = by_label[options.taxonomy->label(*category)];
    ++one.clicks;
    one.weight += std::exp2(-age / half_life);
  }
  return by_label;
}

// What was clicked or only shown often is not worth asking again before it is due; what is out is.
bool IsReasonToAsk(const CategoryWeight& category) {
  return category.cause == FeedbackCause::kAccepted || category.weight == 0.0F;
}

// Nothing without feedback, so that fingerprints of before it stay what they are.
void AddFeedback(const InterestWeights& feedback, Hasher& hasher) {
  for (const auto& [id, category] : feedback.categories) {
    if (IsReasonToAsk(category)) {
      hasher.Add("category").Add(id).Add(std::bit_cast<std::uint32_t>(category.weight));
    }
  }
  for (const auto& [name, demand] : feedback.demands) {
    hasher.Add("demand").Add(name).Add(std::bit_cast<std::uint32_t>(demand.weight));
  }
}

}  // namespace

std::uint64_t FingerprintOf(const InterestMaker& maker) {
  return NotZero(Hasher()
                     .Add(maker.model)
                     .Add(maker.prompt_version)
                     .Add(maker.strategy)
                     .Add(maker.taxonomy)
                     .value());
}

std::vector<std::string> BrowsedCategories(const UserState& state, const EvidenceOptions& options) {
  if (options.max_browsed == 0 || state.clicks.empty()) return {};
  TWOHOP_DCHECK(options.taxonomy != nullptr);
  std::map<std::string, Browsing> by_label = CountClicks(state.clicks, options);
  std::erase_if(by_label,
                [&](const auto& one) { return one.second.clicks < options.min_browsed_clicks; });
  std::vector<std::pair<double, std::string>> order;
  for (const auto& [label, one] : by_label) order.emplace_back(-one.weight, label);
  std::sort(order.begin(), order.end());
  if (order.size() > options.max_browsed) order.resize(options.max_browsed);
  std::vector<std::string> labels;
  for (auto& [weight, label] : order) labels.push_back(std::move(label));
  return labels;
}

UserContext MakeUserContext(const UserState& state, TimePoint now,
                            const EvidenceOptions& evidence) {
  UserContext context{.profile = state.profile,
                      .searches = {},
                      .browsed = BrowsedCategories(state, evidence),
                      .clicked_level1 = ClickedLevel1(state),
                      .feedback = WeighFeedback(state.feedback, now)};
  for (const SearchRecord& search : state.searches) {
    context.searches.push_back({search.query, AgeOf(search.time, now)});
  }
  return context;
}

std::uint64_t FingerprintOf(const UserContext& user) {
  std::set<std::string> searches;
  for (const RecentSearch& search : user.searches) searches.insert(NormalizeName(search.query));
  Hasher hasher;
  hasher.Add(user.profile.age_group).Add(user.profile.gender);
  for (const std::string& search : searches) hasher.Add(search);
  AddBrowsed(user.browsed, hasher);
  AddFeedback(user.feedback, hasher);
  return NotZero(hasher.value());
}

std::string_view RefreshReasonName(RefreshReason reason) {
  switch (reason) {
    case RefreshReason::kNone:
      return "none";
    case RefreshReason::kMissing:
      return "missing";
    case RefreshReason::kMaker:
      return "maker";
    case RefreshReason::kInputs:
      return "inputs";
    case RefreshReason::kAge:
      return "age";
  }
  return "unknown";
}

RefreshReason NeedsRefresh(const std::optional<InterestSet>& stored, std::uint64_t maker,
                           std::uint64_t inputs, TimePoint now, Milliseconds soft_ttl) {
  if (!stored.has_value()) return RefreshReason::kMissing;
  if (stored->maker != maker) return RefreshReason::kMaker;
  if (stored->inputs != inputs) return RefreshReason::kInputs;
  if (now - stored->created >= soft_ttl) return RefreshReason::kAge;
  return RefreshReason::kNone;
}

}  // namespace twohop
