#include "twohop/nearline/cohort_interests.h"

#include <algorithm>
#include <set>
#include <utility>

#include "twohop/reasoning/interest_assembly.h"
#include "twohop/reasoning/profile_segment.h"
#include "twohop/reasoning/relation.h"

namespace twohop {
namespace {

// "25-34|female" as a person says it.
std::string SegmentInWords(const std::string& segment) {
  if (segment == kAnySegment) return "everybody";
  const std::size_t bar = segment.find('|');
  const std::string band = segment.substr(0, bar);
  const std::string gender = segment.substr(bar + 1);
  if (band == kAnySegment) return gender;
  return gender == kAnySegment ? band : band + ", " + gender;
}

// The one that most users have, ties by text.
const std::pair<const std::string, std::size_t>& MostCommon(
    const std::map<std::string, std::size_t>& demands) {
  return *std::max_element(demands.begin(), demands.end(),
                           [](const auto& a, const auto& b) { return a.second < b.second; });
}

class CohortGenerator final : public InterestGenerator {
 public:
  CohortGenerator(CohortInterests cohorts, const Clock& clock)
      : cohorts_(std::move(cohorts)), clock_(clock) {}

  Result<Generation> Generate(const UserContext& user, std::stop_token stop) override {
    if (stop.stop_requested()) return Cancelled("stop requested");
    Generation generation;
    if (user.searches.empty()) generation.interests = cohorts_.For(user, clock_.Now());
    return generation;
  }

 private:
  const CohortInterests cohorts_;
  const Clock& clock_;
};

}  // namespace

Result<CohortInterests> CohortInterests::Count(const UserStateStore& states,
                                               std::shared_ptr<const Taxonomy> taxonomy,
                                               const CohortOptions& options) {
  CohortInterests all(std::move(taxonomy), options);
  TWOHOP_RETURN_IF_ERROR(states.ForEach([&](const UserState& user) {
    if (!user.interests.has_value()) return true;
    const std::set<std::string> segments{ProfileSegment(user.profile), std::string(kAnySegment)};
    for (const std::string& segment : segments) all.Add(*user.interests, all.cohorts_[segment]);
    return true;
  }));
  return all;
}

void CohortInterests::Add(const InterestSet& interests, Cohort& cohort) const {
  bool counts = false;
  for (const LatentInterest& interest : interests.interests) {
    if (!interest.cohort.empty() || !taxonomy_->FindById(interest.category_id)) continue;
    counts = true;
    Held& held = cohort.by_category[interest.category_id];
    if (held.users == 0) held.example = interest;
    ++held.users;
    ++held.demands[interest.demand];
  }
  if (counts) ++cohort.users;
}

const std::pair<const std::string, CohortInterests::Cohort>* CohortInterests::CohortOf(
    const UserProfile& profile) const {
  for (const std::string& segment : {ProfileSegment(profile), std::string(kAnySegment)}) {
    const auto cohort = cohorts_.find(segment);
    if (cohort != cohorts_.end() && cohort->second.users >= options_.min_users) return &*cohort;
  }
  return nullptr;
}

InterestSet CohortInterests::For(const UserContext& user, TimePoint now) const {
  InterestSet set;
  set.created = now;
  const auto* const cohort = CohortOf(user.profile);
  if (cohort == nullptr) return set;
  std::map<std::string, std::size_t> per_level1;
  const std::set<std::string> known(user.clicked_level1.begin(), user.clicked_level1.end());
  for (const Held* held : ByUsers(cohort->second)) {
    if (set.interests.size() == options_.max_interests) break;
    const auto& [demand, holders] = MostCommon(held->demands);
    if (holders < options_.min_holders || known.contains(held->example.level1)) continue;
    if (user.feedback.Of(demand, held->example.category_id) == 0.0F) continue;
    if (per_level1[held->example.level1]++ >= options_.max_per_level1) continue;
    LatentInterest interest = AsOfCohort(*held, SegmentInWords(cohort->first), now);
    interest.confidence =
        static_cast<float>(held->users) / static_cast<float>(cohort->second.users);
    AddInterest(std::move(interest), set);
  }
  return set;
}

std::vector<const CohortInterests::Held*> CohortInterests::ByUsers(const Cohort& cohort) {
  std::vector<const Held*> order;
  for (const auto& [id, held] : cohort.by_category) order.push_back(&held);
  std::stable_sort(order.begin(), order.end(),
                   [](const Held* a, const Held* b) { return a->users > b->users; });
  return order;
}

LatentInterest CohortInterests::AsOfCohort(const Held& held, std::string cohort,
                                           TimePoint now) const {
  LatentInterest interest = held.example;
  interest.searches.clear();  // They are another user's.
  interest.browsed.clear();
  interest.cohort = std::move(cohort);
  interest.demand = MostCommon(held.demands).first;
  interest.relation = RelationOf(interest.demand, interest.category_label);
  interest.votes = 1;
  interest.voters = 1;
  interest.provenance = {.model = {},
                         .prompt_version = {},
                         .strategy = "cohort",
                         .time = now,
                         .taxonomy = taxonomy_->fingerprint()};
  return interest;
}

std::unique_ptr<InterestGenerator> MakeCohortGenerator(CohortInterests cohorts,
                                                       const Clock& clock) {
  return std::make_unique<CohortGenerator>(std::move(cohorts), clock);
}

}  // namespace twohop
