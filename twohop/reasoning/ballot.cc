#include "twohop/reasoning/ballot.h"

#include <algorithm>
#include <map>
#include <utility>

#include "twohop/reasoning/category_limits.h"
#include "twohop/reasoning/debate_answer.h"

namespace twohop {
namespace {

// How sure an agent is, beside the proposal it is surest of: agents count confidence in units of
// their own.
float Sureness(const Proposal& proposal, const Ballot& ballot) {
  const auto surest = std::max_element(
      ballot.stands_for.begin(), ballot.stands_for.end(),
      [](const Proposal& a, const Proposal& b) { return a.confidence < b.confidence; });
  return surest->confidence > 0.0F ? proposal.confidence / surest->confidence : 1.0F;
}

struct Candidate {
  CategoryIndex category;
  double weight = 0.0;    // Of its supporters.
  double sureness = 0.0;  // Sum over its supporters, each in [0, 1].
  std::vector<std::size_t> agents;
  const Proposal* told = nullptr;  // By the surest supporter, by weight and sureness ...
  double told_by = 0.0;            // ... together.
};

std::vector<Candidate> Count(std::span<const Ballot> ballots) {
  std::map<std::uint32_t, Candidate> candidates;
  for (const Ballot& ballot : ballots) {
    for (const Proposal& proposal : ballot.stands_for) {
      const CategoryIndex category = proposal.category->category;
      Candidate& one = candidates.try_emplace(category.value(), Candidate{category}).first->second;
      const double sureness = Sureness(proposal, ballot);
      one.weight += ballot.weight;
      one.sureness += sureness;
      one.agents.push_back(ballot.agent);
      if (one.told != nullptr && one.told_by >= ballot.weight * sureness) continue;
      one.told = &proposal;
      one.told_by = ballot.weight * sureness;
    }
  }
  std::vector<Candidate> order;
  for (auto& [category, candidate] : candidates) order.push_back(std::move(candidate));
  std::stable_sort(order.begin(), order.end(), [](const Candidate& a, const Candidate& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.sureness > b.sureness;
  });
  return order;
}

Proposal Elect(const Candidate& candidate, double whole_weight, std::size_t voters) {
  Proposal proposal = *candidate.told;
  const double sureness = candidate.sureness / static_cast<double>(candidate.agents.size());
  proposal.confidence =
      static_cast<float>(std::clamp(candidate.weight / whole_weight * sureness, 0.0, 1.0));
  proposal.votes = static_cast<std::uint32_t>(candidate.agents.size());
  proposal.voters = static_cast<std::uint32_t>(voters);
  return proposal;
}

double Jaccard(const Ballot& a, const Ballot& b) {
  if (a.stands_for.empty() && b.stands_for.empty()) return 1.0;
  const auto common = static_cast<double>(
      std::count_if(a.stands_for.begin(), a.stands_for.end(), [&](const Proposal& proposal) {
        return FindProposal(b.stands_for, proposal.category->category) != nullptr;
      }));
  return common / (static_cast<double>(a.stands_for.size() + b.stands_for.size()) - common);
}

}  // namespace

ElectionResult HoldElection(std::span<const Ballot> ballots, const Taxonomy& taxonomy,
                            const ProposeOptions& limits) {
  const std::vector<Candidate> candidates = Count(ballots);
  double whole_weight = 0.0;
  for (const Ballot& ballot : ballots) whole_weight += ballot.weight;
  std::vector<CategoryIndex> order;
  for (const Candidate& candidate : candidates) order.push_back(candidate.category);
  const std::vector<CategoryIndex> first = FirstWithinLimits(order, taxonomy, limits);
  ElectionResult result;
  for (const Candidate& candidate : candidates) {
    const CategoryIndex category = candidate.category;
    const bool elected = std::find(first.begin(), first.end(), category) != first.end();
    result.votes.push_back({.category_id = taxonomy.at(category).id,
                            .category_label = taxonomy.label(category),
                            .agents = candidate.agents,
                            .elected = elected});
    if (elected) result.elected.push_back(Elect(candidate, whole_weight, ballots.size()));
  }
  return result;
}

double AgreementOf(std::span<const Ballot> ballots) {
  double sum = 0.0;
  std::size_t pairs = 0;
  for (std::size_t i = 0; i < ballots.size(); ++i) {
    for (std::size_t j = i + 1; j < ballots.size(); ++j) {
      sum += Jaccard(ballots[i], ballots[j]);
      ++pairs;
    }
  }
  return pairs == 0 ? 1.0 : sum / static_cast<double>(pairs);
}

}  // namespace twohop
