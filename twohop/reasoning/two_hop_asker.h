// Both hops in one answer of a language model.

#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "twohop/reasoning/grounding.h"
#include "twohop/reasoning/prompt.h"
#include "twohop/reasoning/proposal.h"
#include "twohop/reasoning/reply_parser.h"
#include "twohop/reasoning/strategy.h"

namespace twohop {

// Asks for demands and categories together, and grounds the categories that come back. One call per
// user, more where an answer cannot be read, and at most one embedding call.
//
// Immutable. Thread-safe.
class TwoHopAsker {
 public:
  // `prompt` has the holes level1, profile, shown and searches, and those that Ask is given.
  // `tools` must outlive the asker.
  TwoHopAsker(const StrategyTools& tools, Prompt prompt, const AskOptions& ask,
              const GroundingOptions& grounding);

  // In the model's order, each less sure than the one before it. Empty if no attempt gave an answer
  // that can be read.
  //
  // REQUIRES: `more` fills the prompt's other holes.
  //
  // Errors: those of ChatClient::Complete, EmbeddingClient::Embed and EmbedForSpace.
  Result<Proposals> Ask(const SearchingUser& user, std::span<const PromptValue> more,
                        std::stop_token stop) const;

  const std::string& prompt_version() const { return prompt_.version(); }

 private:
  ChatRequest MakeRequest(const SearchingUser& user, std::span<const PromptValue> more) const;
  Result<TwoHopReply> Complete(ChatRequest request, const SearchingUser& user,
                               const std::stop_token& stop, Proposals& result) const;
  Status Ground(const std::vector<std::string>& names, std::stop_token stop,
                std::vector<Proposal>& proposals) const;

  const StrategyTools tools_;
  const Prompt prompt_;
  const AskOptions ask_;
  const GroundingOptions grounding_;
  const std::string level1_names_;
};

}  // namespace twohop
