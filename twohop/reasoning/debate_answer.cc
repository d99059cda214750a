#include "twohop/reasoning/debate_answer.h"

#include <algorithm>
#include <limits>
#include <unordered_set>
#include <utility>

#include "twohop/reasoning/category_limits.h"
#include "twohop/reasoning/sensitive_texts.h"

namespace twohop {

namespace {

Result<std::unordered_set<std::string>> SensitiveAmong(const std::vector<Proposal>& proposals,
                                                       const StrategyTools& tools,
                                                       std::stop_token stop) {
  std::unordered_set<std::string> demands;
  if (tools.sensitive == nullptr) return demands;
  for (const Proposal& proposal : proposals) demands.insert(proposal.demand);
  return tools.sensitive->FindIn(demands, std::move(stop));
}

}  // namespace

Result<std::vector<Proposal>> Sayable(std::vector<Proposal> proposals, const SearchingUser& user,
                                      const StrategyTools& tools, RejectCounts& rejected,
                                      std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const std::unordered_set<std::string> sensitive,
                          SensitiveAmong(proposals, tools, std::move(stop)));
  // A cosine is at most 1, but for rounding: only the same category is a duplicate.
  const FilterOptions no_limits{.max_interests = std::numeric_limits<std::size_t>::max(),
                                .max_per_level1 = std::numeric_limits<std::size_t>::max(),
                                .duplicate_similarity = 1.5F};
  const FilterContext context{.space = *tools.space,
                              .blocklist = tools.prompts.blocklist,
                              .shown_level1 = user.shown_level1,
                              .feedback = &user.feedback,
                              .screen = &tools.prompts.screen,
                              .sensitive = &sensitive};
  return FilterProposals(std::move(proposals), context, no_limits, rejected);
}

std::vector<Proposal> FirstOnes(const std::vector<Proposal>& ordered, const Taxonomy& taxonomy,
                                const ProposeOptions& limits) {
  std::vector<CategoryIndex> order;
  for (const Proposal& proposal : ordered) order.push_back(proposal.category->category);
  std::vector<Proposal> first;
  for (const CategoryIndex category : FirstWithinLimits(order, taxonomy, limits)) {
    first.push_back(*FindProposal(ordered, category));
  }
  return first;
}

const Proposal* FindProposal(std::span<const Proposal> proposals, CategoryIndex category) {
  const auto found = std::find_if(
      proposals.begin(), proposals.end(),
      [category](const Proposal& proposal) { return proposal.category->category == category; });
  return found == proposals.end() ? nullptr : &*found;
}

DebateStatement Say(DebateStance stance, const Proposal& proposal, const Taxonomy& taxonomy,
                    std::string reason) {
  const CategoryIndex category = proposal.category->category;
  return {.stance = stance,
          .category_id = taxonomy.at(category).id,
          .category_label = taxonomy.label(category),
          .demand = proposal.demand,
          .reason = std::move(reason)};
}

std::string WhoStandFor(CategoryIndex category, std::span<const HeardAnswer> others) {
  std::string names;
  for (const HeardAnswer& other : others) {
    if (FindProposal(other.stands_for, category) == nullptr) continue;
    if (!names.empty()) names += " and ";
    names += other.name;
  }
  return names;
}

}  // namespace twohop
