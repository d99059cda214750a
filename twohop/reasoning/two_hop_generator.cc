#include "twohop/reasoning/two_hop_generator.h"

#include <utility>

#include <fmt/format.h>

#include "twohop/reasoning/interest_assembly.h"
#include "twohop/reasoning/search_text.h"

namespace twohop {
namespace {

// A small model that writes a list by its likeliest tokens writes the same entry again and again.
constexpr float kListPresencePenalty = 1.0F;
// Nine categories take some 60.
constexpr std::uint32_t kMaxListTokens = 128;

EdgeWalkOptions EdgeWalkOptionsOf(const TwoHopOptions& options) {
  EdgeWalkOptions walk = options.edge_walk;
  walk.ask = {.max_attempts = options.max_attempts,
              .max_reply_tokens = kMaxListTokens,
              .seed = options.seed,
              .use_adapter = options.model_use.adapter,
              .presence_penalty = kListPresencePenalty,
              .send_schema = options.model_use.schema};
  return walk;
}

std::unique_ptr<Strategy> MakeStrategy(const StrategyTools& tools,
                                       std::shared_ptr<const DemandGraph> edges,
                                       const TwoHopOptions& options) {
  AskOptions ask{.max_attempts = options.max_attempts, .seed = options.seed};
  switch (options.strategy) {
    case TwoHopStrategy::kFullTwoHop:
      ask.max_reply_tokens = options.max_reply_tokens;
      ask.send_schema = options.model_use.schema;
      return MakeFullTwoHop(tools, ask, options.grounding, options.model_use.examples);
    case TwoHopStrategy::kDemandSearch:
      return MakeDemandSearch(tools, ask, options.demand_search);
    case TwoHopStrategy::kEmbeddingOnly:
      return MakeEmbeddingOnly(tools, options.demand_search);
    case TwoHopStrategy::kSharedEdges:
      return MakeSharedEdges(tools, std::move(edges), EdgeWalkOptionsOf(options));
    case TwoHopStrategy::kHopByHop:
      return MakeHopByHop(tools, EdgeWalkOptionsOf(options));
    case TwoHopStrategy::kInterestGpt:
      return MakeInterestGpt(tools, std::move(edges), EdgeWalkOptionsOf(options));
  }
  return nullptr;
}

class TwoHopGenerator final : public InterestGenerator {
 public:
  TwoHopGenerator(ChatClient& chat, EmbeddingClient& embedder, ReasoningKnowledge knowledge,
                  const TwoHopOptions& options, const Clock& clock)
      : space_(std::move(knowledge.space)),
        prompts_(std::move(knowledge.prompts)),
        options_(options),
        clock_(clock),
        strategy_(MakeStrategy({chat, embedder, *prompts_, space_, std::move(knowledge.answers)},
                               std::move(knowledge.edges), options)) {}

  Result<Generation> Generate(const UserContext& user, std::stop_token stop) override {
    Generation generation;
    generation.interests.created = clock_.Now();
    const SearchingUser searching = Prepare(user, generation.rejected);
    if (searching.searches.empty()) return generation;
    TWOHOP_ASSIGN_OR_RETURN(Proposals proposed, strategy_->Propose(searching, std::move(stop)));
    for (std::size_t i = 0; i < kRejectReasonCount; ++i) {
      generation.rejected[i] += proposed.rejected[i];
    }
    generation.usage = proposed.usage;
    const FilterContext context{*space_, prompts_->blocklist, searching.shown_level1};
    const std::vector<Proposal> accepted = FilterProposals(std::move(proposed.proposals), context,
                                                           options_.filter, generation.rejected);
    generation.interests = AssembleInterests(accepted, *space_, MakeProvenance());
    return generation;
  }

 private:
  // Sensitive searches are not even shown to the model.
  SearchingUser Prepare(const UserContext& user, RejectCounts& rejected) const {
    SearchingUser searching{.profile = user.profile,
                            .searches = {},
                            .shown_level1 = MarkLevel1(space_->taxonomy(), user.clicked_level1)};
    for (std::string& search :
         CleanSearches(user.searches, options_.max_searches, options_.max_search_bytes)) {
      if (prompts_->blocklist.Blocks(search)) {
        Count(RejectReason::kBlocked, rejected);
      } else {
        searching.searches.push_back(std::move(search));
      }
    }
    return searching;
  }

  Provenance MakeProvenance() const {
    return {.model = strategy_->model(),
            .prompt_version = strategy_->prompt_version(),
            .strategy = std::string(TwoHopStrategyName(options_.strategy)),
            .seed = options_.seed,
            .time = clock_.Now(),
            .taxonomy = space_->taxonomy().fingerprint()};
  }

  const std::shared_ptr<const CategorySpace> space_;
  const std::shared_ptr<const PromptSet> prompts_;
  const TwoHopOptions options_;
  const Clock& clock_;
  const std::unique_ptr<Strategy> strategy_;
};

}  // namespace

std::string_view TwoHopStrategyName(TwoHopStrategy strategy) {
  switch (strategy) {
    case TwoHopStrategy::kFullTwoHop:
      return "full_two_hop";
    case TwoHopStrategy::kDemandSearch:
      return "demand_search";
    case TwoHopStrategy::kEmbeddingOnly:
      return "embedding_only";
    case TwoHopStrategy::kSharedEdges:
      return "shared_edges";
    case TwoHopStrategy::kHopByHop:
      return "hop_by_hop";
    case TwoHopStrategy::kInterestGpt:
      return "interest_gpt";
  }
  return "unknown";
}

std::optional<TwoHopStrategy> FindTwoHopStrategy(std::string_view name) {
  for (const auto strategy :
       {TwoHopStrategy::kFullTwoHop, TwoHopStrategy::kDemandSearch, TwoHopStrategy::kEmbeddingOnly,
        TwoHopStrategy::kSharedEdges, TwoHopStrategy::kHopByHop, TwoHopStrategy::kInterestGpt}) {
    if (TwoHopStrategyName(strategy) == name) return strategy;
  }
  return std::nullopt;
}

bool AsksChatModel(TwoHopStrategy strategy) {
  return strategy != TwoHopStrategy::kEmbeddingOnly && strategy != TwoHopStrategy::kSharedEdges;
}

bool NeedsEdges(TwoHopStrategy strategy) {
  return strategy == TwoHopStrategy::kSharedEdges || strategy == TwoHopStrategy::kInterestGpt;
}

Status TwoHopOptions::Validate() const {
  const auto at_least = [](std::string_view field, std::size_t value, std::size_t least) -> Status {
    if (value >= least) return Ok();
    return InvalidArgument(fmt::format("{} is {}, must be at least {}", field, value, least));
  };
  TWOHOP_RETURN_IF_ERROR(at_least("max_searches", max_searches, 1));
  TWOHOP_RETURN_IF_ERROR(at_least("max_search_bytes", max_search_bytes, 3));
  TWOHOP_RETURN_IF_ERROR(at_least("max_attempts", max_attempts, 1));
  TWOHOP_RETURN_IF_ERROR(at_least("max_reply_tokens", max_reply_tokens, 1));
  TWOHOP_RETURN_IF_ERROR(at_least("filter.max_interests", filter.max_interests, 1));
  TWOHOP_RETURN_IF_ERROR(at_least("filter.max_per_level1", filter.max_per_level1, 1));
  TWOHOP_RETURN_IF_ERROR(at_least("demand_search.max_proposals", demand_search.max_proposals, 1));
  return at_least("edge_walk.propose.max_proposals", edge_walk.propose.max_proposals, 1);
}

Result<std::unique_ptr<InterestGenerator>> MakeTwoHopGenerator(ChatClient& chat,
                                                               EmbeddingClient& embedder,
                                                               ReasoningKnowledge knowledge,
                                                               const TwoHopOptions& options,
                                                               const Clock& clock) {
  TWOHOP_RETURN_IF_ERROR(options.Validate());
  if (NeedsEdges(options.strategy) && knowledge.edges == nullptr) {
    return FailedPrecondition(fmt::format("the strategy {} has no edges to walk on",
                                          TwoHopStrategyName(options.strategy)));
  }
  return std::make_unique<TwoHopGenerator>(chat, embedder, std::move(knowledge), options, clock);
}

}  // namespace twohop
