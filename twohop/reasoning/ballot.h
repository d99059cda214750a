// Counting the votes of a debate.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "twohop/reasoning/debate_agent.h"

namespace twohop {

// What an agent stands for at the end.
struct Ballot {
  std::size_t agent = 0;  // Position in DebateRecord::agents.
  double weight = 1.0;
  std::span<const Proposal> stands_for;
};

struct ElectionResult {
  std::vector<Proposal> elected;  // Most votes first; with votes and voters.
  std::vector<DebateVote> votes;  // Of every category that somebody stands for, in that order.
};

// Each category's weight is that of the ballots with it; ties go to the surer one (the mean over
// all ballots of the confidence relative to the surest proposal of the same ballot), then to the
// smaller index. The first ones within `limits` are elected. Confidence is the category's share of
// the whole weight times how sure its supporters are.
ElectionResult HoldElection(std::span<const Ballot> ballots, const Taxonomy& taxonomy,
                            const ProposeOptions& limits);

// Mean over pairs of ballots of the Jaccard index of their categories; 1 for fewer than two.
double AgreementOf(std::span<const Ballot> ballots);

}  // namespace twohop
