#include "twohop/nearline/refresh_policy.h"

#include <algorithm>
#include <bit>
#include <set>

#include "twohop/base/hash.h"
#include "twohop/base/text.h"

namespace twohop {
namespace {

// 0 stands for "not known".
std::uint64_t NotZero(std::uint64_t hash) { return hash == 0 ? 1 : hash; }

std::chrono::days AgeOf(TimePoint time, TimePoint now) {
  return std::max(std::chrono::floor<std::chrono::days>(now - time), std::chrono::days(0));
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

UserContext MakeUserContext(const UserState& state, TimePoint now) {
  UserContext context{.profile = state.profile,
                      .searches = {},
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
