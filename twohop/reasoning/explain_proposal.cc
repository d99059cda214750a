#include "twohop/reasoning/explain_proposal.h"

#include <algorithm>
#include <string>
#include <vector>

namespace twohop {
namespace {

bool Has(std::span<const Proposal> proposals, CategoryIndex category) {
  return std::any_of(proposals.begin(), proposals.end(), [&](const Proposal& proposal) {
    return proposal.category && proposal.category->category == category;
  });
}

// The categories of those proposals for which `belongs` holds.
template <typename Belongs>
std::vector<CategoryIndex> Categories(std::span<const Proposal> proposals, Belongs belongs) {
  std::vector<CategoryIndex> categories;
  for (const Proposal& proposal : proposals) {
    if (!proposal.category || !belongs(proposal.category->category)) continue;
    categories.push_back(proposal.category->category);
  }
  return categories;
}

// What a filter says to this proposal alone, whatever else was proposed.
std::optional<RejectReason> RejectedAlone(const AskedGeneration& asked) {
  RejectCounts rejected{};
  if (!FilterProposals({asked.reached->strongest}, asked.context, asked.filter, rejected).empty()) {
    return std::nullopt;
  }
  const auto first = std::find_if(rejected.begin(), rejected.end(), [](auto n) { return n > 0; });
  return static_cast<RejectReason>(first - rejected.begin());
}

void Tell(const ReachedCategory& reached, ProposalExplanation& explanation) {
  explanation.searches = reached.strongest.searches;
  explanation.demand = reached.strongest.demand;
  explanation.relation = reached.strongest.relation;
  explanation.confidence = reached.strongest.confidence;
  explanation.rank = reached.rank;
  explanation.reached = reached.reached;
}

void Reject(RejectReason reason, ProposalExplanation& explanation) {
  explanation.verdict = ProposalVerdict::kRejected;
  explanation.rejected = RejectReasonName(reason);
}

// It was proposed, would stand alone, and does not stand among the others.
void RejectAmongOthers(const AskedGeneration& asked, ProposalExplanation& explanation) {
  const CategorySpace& space = asked.context.space;
  explanation.ahead = Categories(asked.accepted, [&](CategoryIndex other) {
    return Dot(space.vector(other), space.vector(asked.category)) >=
           asked.filter.duplicate_similarity;
  });
  if (!explanation.ahead.empty()) return Reject(RejectReason::kDuplicate, explanation);
  explanation.ahead = Categories(asked.accepted, [](CategoryIndex) { return true; });
  Reject(RejectReason::kOverCap, explanation);
}

// Other categories were proposed instead.
void FindNoPlace(const AskedGeneration& asked, ProposalExplanation& explanation) {
  const Taxonomy& taxonomy = asked.context.space.taxonomy();
  explanation.ahead = Categories(asked.proposed, [&](CategoryIndex other) {
    return taxonomy.level1_of(other) == taxonomy.level1_of(asked.category);
  });
  explanation.verdict = ProposalVerdict::kLevel1Full;
  if (explanation.ahead.size() >= asked.max_per_level1) return;
  explanation.ahead = Categories(asked.proposed, [](CategoryIndex) { return true; });
  explanation.verdict = ProposalVerdict::kBelowBest;
}

}  // namespace

std::string_view ProposalVerdictName(ProposalVerdict verdict) {
  switch (verdict) {
    case ProposalVerdict::kNoSearches:
      return "no_searches";
    case ProposalVerdict::kNotReached:
      return "not_reached";
    case ProposalVerdict::kRejected:
      return "rejected";
    case ProposalVerdict::kSearchedFor:
      return "searched_for";
    case ProposalVerdict::kStands:
      return "stands";
    case ProposalVerdict::kLevel1Full:
      return "level1_full";
    case ProposalVerdict::kBelowBest:
      return "below_best";
  }
  return "unknown";
}

ProposalExplanation ExplainProposal(const AskedGeneration& asked) {
  ProposalExplanation explanation{.verdict = ProposalVerdict::kNotReached};
  explanation.proposed = asked.proposed.size();
  if (!asked.reached) return explanation;
  const std::optional<RejectReason> alone = RejectedAlone(asked);
  if (alone) Reject(*alone, explanation);
  // A sensitive guess is not even told to those who ask for it.
  if (alone == RejectReason::kBlocked) return explanation;
  Tell(*asked.reached, explanation);
  if (alone) return explanation;
  if (asked.reached->searched_for) {
    explanation.verdict = ProposalVerdict::kSearchedFor;
  } else if (Has(asked.accepted, asked.category)) {
    explanation.verdict = ProposalVerdict::kStands;
  } else if (Has(asked.proposed, asked.category)) {
    RejectAmongOthers(asked, explanation);
  } else {
    FindNoPlace(asked, explanation);
  }
  return explanation;
}

}  // namespace twohop
