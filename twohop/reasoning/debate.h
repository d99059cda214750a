// Several agents agree on what may interest a user.

#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "twohop/base/clock.h"
#include "twohop/reasoning/debate_agent.h"
#include "twohop/reasoning/strategy.h"

namespace twohop {

struct DebateOptions {
  // After the answers that each gives alone. 0: only the votes count, which with one agent asked
  // several times is self-consistency (Wang et al., 2022, arXiv 2203.11171).
  std::uint32_t rounds = 2;
  double enough_agreement = 0.9;  // DebateRound::agreement from which on no further round is held.
  ProposeOptions propose;         // Of what is elected.
};

// Synchronous multi-agent debate (Du et al., 2023, arXiv 2305.14325): every agent answers alone;
// then, round by round, each sees what the others answered last and answers anew. Categories are
// elected by the sum of the weights of the agents that stand for them in the end, ties by how sure
// those are; the path that is told is that of the surest agent. An agent that fails is silent in
// that round and keeps its last answer; the minutes say so. Stops early when the agents agree or
// nobody changes.
//
// The agents of one debate are asked one after the other: what runs side by side are users.
//
// Proposals::debate holds the minutes. `space` and `clock` must outlive the strategy.
//
// Errors of Propose: kCancelled; where every agent failed in the first round, the error of the
// first one.
std::unique_ptr<Strategy> MakeDebate(std::vector<std::unique_ptr<DebateAgent>> agents,
                                     std::shared_ptr<const CategorySpace> space, const Clock& clock,
                                     const DebateOptions& options);

}  // namespace twohop
