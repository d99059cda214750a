// The ways from searches to proposals.

#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "twohop/llm/chat_client.h"
#include "twohop/llm/embedding_client.h"
#include "twohop/reasoning/answer_cache.h"
#include "twohop/reasoning/category_space.h"
#include "twohop/reasoning/demand_writer.h"
#include "twohop/reasoning/prompt_set.h"
#include "twohop/reasoning/proposal.h"

namespace twohop {

// A user as strategies see them.
struct SearchingUser {
  UserProfile profile;                // Untrusted text.
  // Clean, not sensitive, newest first; at least one. The last `browsed` of them are not searches
  // but labels of categories that the user looks at.
  std::vector<std::string> searches;
  std::size_t browsed = 0;
  std::vector<bool> shown_level1;     // By Level1Index: among the clicks, so not novel.
  // For choosing what takes one of few places: what weighs 0 takes none, what weighs more comes
  // first. Confidences are not multiplied by it: the filters do that.
  InterestWeights feedback = {};
};

struct DemandSearchOptions {
  // Taken from all searches together, before the filters: fewer proposals are better ones.
  std::size_t max_proposals = 6;
  // A demand of a model that has a smaller cosine with what it is about is nonsense, and the
  // category above the search takes its place. Calibrated by eye with all-MiniLM-L6-v2 on 120
  // demands of SmolLM2-135M: 15 % are below 0.2, nearly all of them nonsense. Below -1: every
  // demand stands.
  float min_demand_similarity = 0.2F;
  std::size_t cache_size = 65536;  // Demands remembered without StrategyTools::answers.
};

// How many of the categories that were reached are proposed.
struct ProposeOptions {
  std::size_t max_proposals = 6;  // The best ones; fewer proposals are better ones.
  std::size_t max_per_level1 = 2;
};

// Implementations are thread-safe.
class Strategy {
 public:
  virtual ~Strategy() = default;

  // What may interest the user; a proposal's searches are among user.searches.
  //
  // Errors: those of ChatClient::Complete, EmbeddingClient::Embed and EmbedForSpace.
  virtual Result<Proposals> Propose(const SearchingUser& user, std::stop_token stop) = 0;

  virtual std::string prompt_version() const = 0;  // Empty if there is no prompt.
  virtual std::string model() const = 0;
};

class SensitiveTexts;

// What strategies work with; all of it must outlive them.
struct StrategyTools {
  ChatClient& chat;
  EmbeddingClient& embedder;
  const PromptSet& prompts;
  std::shared_ptr<const CategorySpace> space;
  // Where answers that hold for other users too are kept; null: in the process, cache_size of them.
  std::shared_ptr<AnswerCache> answers = nullptr;
  const SensitiveTexts* sensitive = nullptr;  // Null: there is no second guard.
};

// Both hops by the model; its categories are grounded. `with_examples`: those of the prompt.
std::unique_ptr<Strategy> MakeFullTwoHop(const StrategyTools& tools, const AskOptions& ask,
                                         const GroundingOptions& grounding, bool with_examples);

// Hop 1 by the model, hop 2 by searching the taxonomy. Per search, the categories outside
// user.shown_level1 that are nearest to the middle between the text "demand: search" and the
// search's reading (SearchReader), at most two per level-1. Across searches they are ordered by how
// far they stand out among the categories of their own search, so that one search does not take
// everything.
std::unique_ptr<Strategy> MakeDemandSearch(const StrategyTools& tools, const AskOptions& ask,
                                           const DemandSearchOptions& options);

// The same without a model: the search itself is the demand.
std::unique_ptr<Strategy> MakeEmbeddingOnly(const StrategyTools& tools,
                                            const DemandSearchOptions& options);

}  // namespace twohop
