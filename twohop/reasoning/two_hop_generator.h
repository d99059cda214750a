// The interest generator that walks two hops over one user's searches.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/llm/chat_client.h"
#include "twohop/llm/embedding_client.h"
#include "twohop/reasoning/answer_cache.h"
#include "twohop/reasoning/category_space.h"
#include "twohop/reasoning/demand_graph.h"
#include "twohop/reasoning/edge_walk.h"
#include "twohop/reasoning/grounding.h"
#include "twohop/reasoning/interest_filters.h"
#include "twohop/reasoning/interest_generator.h"
#include "twohop/reasoning/prompt_set.h"
#include "twohop/reasoning/strategy.h"

namespace twohop {

enum class TwoHopStrategy : std::uint8_t {
  // The model names demands and categories in one answer. For models that know what people need.
  kFullTwoHop,
  // The model names a demand for each search, and the taxonomy is searched for it. For small models
  // as they come.
  kDemandSearch,
  // No model: searches are their own demands. The baseline.
  kEmbeddingOnly,
  // No model at run time: both hops along edges that a teacher wrote down for all users.
  kSharedEdges,
  // The model with the interestGPT adapter, hop by hop, search by search.
  kHopByHop,
  // Shared edges, and the adapter where they know nothing of a search.
  kInterestGpt,
};

std::string_view TwoHopStrategyName(TwoHopStrategy strategy);  // "demand_search"
std::optional<TwoHopStrategy> FindTwoHopStrategy(std::string_view name);
bool AsksChatModel(TwoHopStrategy strategy);
bool NeedsEdges(TwoHopStrategy strategy);

// What generators read and share.
struct ReasoningKnowledge {
  std::shared_ptr<const CategorySpace> space;
  std::shared_ptr<const PromptSet> prompts;
  std::shared_ptr<const DemandGraph> edges;  // Over `space`; null unless NeedsEdges.
  // What a chat model answered for others; null: each generator remembers its own answers.
  std::shared_ptr<AnswerCache> answers = nullptr;
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
  std::uint64_t seed = 1;
  ModelUse model_use;
  FilterOptions filter;
  GroundingOptions grounding;         // Of kFullTwoHop.
  DemandSearchOptions demand_search;  // Of kDemandSearch and kEmbeddingOnly.
  EdgeWalkOptions edge_walk;          // Of kSharedEdges, kHopByHop and kInterestGpt.

  // Errors: kInvalidArgument, naming the field.
  Status Validate() const;
};

// The whole of reasoning for one user: clean searches, leave out sensitive ones, let the strategy
// propose, filter, keep the paths. Temperature is 0 on the first attempt, so the same user, options
// and server give the same interests. `chat` is called only if AsksChatModel.
//
// Costs, per user without repetitions: kDemandSearch one call of some 10 completion tokens for
// every search that nobody made before, and two embedding calls; kFullTwoHop one call and at most
// one embedding call; kEmbeddingOnly and kSharedEdges one embedding call; kHopByHop one embedding
// call and, for every search that nobody made before, up to three calls of some 15 and 40
// completion tokens; kInterestGpt the same for searches that the edges do not know, else one
// embedding call.
//
// `chat`, `embedder` and `clock` must outlive the generator.
//
// Errors: those of TwoHopOptions::Validate; kFailedPrecondition if the strategy needs edges and
// there are none.
Result<std::unique_ptr<InterestGenerator>> MakeTwoHopGenerator(ChatClient& chat,
                                                               EmbeddingClient& embedder,
                                                               ReasoningKnowledge knowledge,
                                                               const TwoHopOptions& options,
                                                               const Clock& clock);

}  // namespace twohop
