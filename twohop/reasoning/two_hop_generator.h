// The interest generator that walks two hops over one user's searches.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/llm/chat_client.h"
#include "twohop/llm/embedding_client.h"
#include "twohop/reasoning/answer_cache.h"
#include "twohop/reasoning/category_space.h"
#include "twohop/reasoning/deliberation.h"
#include "twohop/reasoning/demand_graph.h"
#include "twohop/reasoning/edge_walk.h"
#include "twohop/reasoning/grounding.h"
#include "twohop/reasoning/interest_filters.h"
#include "twohop/reasoning/interest_generator.h"
#include "twohop/reasoning/prompt_set.h"
#include "twohop/reasoning/sensitive_demands.h"
#include "twohop/reasoning/strategy.h"
#include "twohop/reasoning/two_hop_strategy.h"

namespace twohop {

// What generators read and share.
struct ReasoningKnowledge {
  std::shared_ptr<const CategorySpace> space;
  std::shared_ptr<const PromptSet> prompts;
  std::shared_ptr<const DemandGraph> edges;  // Over `space`; null unless NeedsEdges.
  // The second guard, in the same text space; null: the blocklist alone.
  std::shared_ptr<const SensitiveDemands> sensitive = nullptr;
  // What a chat model answered for others; null: each generator remembers its own answers.
  std::shared_ptr<AnswerCache> answers = nullptr;
  // Other models that agents of a debate ask, by AgentOptions::model; must outlive the generator.
  std::map<std::string, ChatClient*> agent_chats = {};
  std::uint64_t edges_fingerprint = 0;  // Of what `edges` was built from; for provenance.
};

// How much help a chat model gets. The defaults are for use, the others show what each is worth.
struct ModelUse {
  bool adapter = true;   // Of kHopByHop and kInterestGpt; the other strategies never apply it.
  bool examples = true;  // Of kFullTwoHop: those in its prompt.
  bool schema = true;    // Of these three: constrain the form of replies, if the server can.
};

struct TwoHopOptions {
  TwoHopStrategy strategy = TwoHopStrategy::kDemandSearch;
  std::size_t max_searches = 8;          // The newest ones; the rest are not looked at.
  std::size_t max_search_bytes = 80;     // A longer search is cut. At least 3.
  std::uint32_t max_attempts = 2;        // Calls for one question; at least 1.
  std::uint32_t max_reply_tokens = 400;  // Of kFullTwoHop's answer; a demand's has 40.
  float temperature = 0.0F;              // Of the first attempt; in [0, 2].
  std::uint64_t seed = 1;
  ModelUse model_use;
  DeliberationOptions deliberation;
  FilterOptions filter;
  GroundingOptions grounding;         // Of kFullTwoHop.
  DemandSearchOptions demand_search;  // Of kDemandSearch and kEmbeddingOnly.
  EdgeWalkOptions edge_walk;          // Of kSharedEdges, kHopByHop and kInterestGpt.

  // Errors: kInvalidArgument, naming the field.
  Status Validate() const;
};

// True if some participant does.
bool AsksChatModel(const TwoHopOptions& options);
bool NeedsEdges(const TwoHopOptions& options);

// The whole of reasoning for one user: clean searches, leave out sensitive ones, let the strategy
// propose, filter, keep the paths. Where temperatures are 0, the same user, options and server give
// the same interests. `chat` is called only if AsksChatModel.
//
// Costs, per user without repetitions: kDemandSearch one call of some 10 completion tokens for
// every search that nobody made before, and two embedding calls; kFullTwoHop one call and at most
// one embedding call; kEmbeddingOnly and kSharedEdges one embedding call; kHopByHop one embedding
// call and, for every search that nobody made before, up to three calls of some 15 and 40
// completion tokens; kInterestGpt the same for searches that the edges do not know, else one
// embedding call. With ReasoningKnowledge::sensitive, kHopByHop makes one embedding call more and
// kFullTwoHop up to two; the others embed what it judges anyway, or it was judged with the edges.
//
// `chat`, `embedder` and `clock` must outlive the generator.
//
// Errors: those of TwoHopOptions::Validate; kFailedPrecondition if the strategy needs edges and
// there are none, an agent's model is not among agent_chats, or the guard's vectors have another
// dimension than the category space.
Result<std::unique_ptr<InterestGenerator>> MakeTwoHopGenerator(ChatClient& chat,
                                                               EmbeddingClient& embedder,
                                                               ReasoningKnowledge knowledge,
                                                               const TwoHopOptions& options,
                                                               const Clock& clock);

}  // namespace twohop
