// Interests of users of whom nothing is known but who they are: those of others like them.

#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/domain/latent_interest.h"
#include "twohop/domain/taxonomy.h"
#include "twohop/domain/user.h"
#include "twohop/reasoning/interest_generator.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop {

struct CohortOptions {
  // Users with interests of their own that make a cohort; a smaller segment gets what holds for
  // everybody.
  std::size_t min_users = 20;
  // Users of the cohort who have an interest through the same demand, before it is told to others:
  // k-anonymity. At least 1.
  std::size_t min_holders = 5;
  std::size_t max_interests = 8;
  std::size_t max_per_level1 = 2;
};

// How common latent interests are among the users of each profile segment (ProfileSegment), counted
// once.
//
// Immutable. Thread-safe.
class CohortInterests {
 public:
  // Counts the interests that were found for users on evidence of their own, with categories of
  // `taxonomy`. Those that came from a cohort do not count: they would confirm themselves.
  //
  // Errors: those of UserStateStore::ForEach.
  static Result<CohortInterests> Count(const UserStateStore& states,
                                       std::shared_ptr<const Taxonomy> taxonomy,
                                       const CohortOptions& options = {});

  // The user's cohort's most common interests that are new to the user and that feedback does not
  // rule out, most common first, marked with the cohort (LatentInterest::cohort). Confidence is the
  // share of the cohort that has the interest. Empty if the cohort is too small.
  InterestSet For(const UserContext& user, TimePoint now) const;

 private:
  struct Held {
    std::size_t users = 0;
    std::map<std::string, std::size_t> demands;  // Users by demand.
    LatentInterest example;                      // Of any of them.
  };
  struct Cohort {
    std::size_t users = 0;
    std::map<std::string, Held> by_category;  // By Category::id.
  };

  CohortInterests(std::shared_ptr<const Taxonomy> taxonomy, const CohortOptions& options)
      : taxonomy_(std::move(taxonomy)), options_(options) {}

  void Add(const InterestSet& interests, Cohort& cohort) const;
  // Most users first, ties by category.
  static std::vector<const Held*> ByUsers(const Cohort& cohort);
  LatentInterest AsOfCohort(const Held& held, std::string cohort, TimePoint now) const;
  // The user's segment and its cohort, or everybody; nothing if there are too few users.
  const std::pair<const std::string, Cohort>* CohortOf(const UserProfile& profile) const;

  std::shared_ptr<const Taxonomy> taxonomy_;
  CohortOptions options_;
  std::map<std::string, Cohort> cohorts_;  // By segment; kAnySegment has everybody.
};

// Gives users without searches what their cohort has, and asks no model.
std::unique_ptr<InterestGenerator> MakeCohortGenerator(CohortInterests cohorts, const Clock& clock);

}  // namespace twohop
