#include "twohop/reasoning/two_hop_generator.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "twohop/base/text.h"
#include "twohop/reasoning/explain_proposal.h"
#include "twohop/reasoning/interest_assembly.h"
#include "twohop/reasoning/remembering_embedder.h"
#include "twohop/reasoning/search_text.h"
#include "twohop/reasoning/sensitive_texts.h"

namespace twohop {
namespace {

// A small model that writes a list by its likeliest tokens writes the same entry again and again.
constexpr float kListPresencePenalty = 1.0F;
// Nine categories take some 60.
constexpr std::uint32_t kMaxListTokens = 128;
// Texts whose vectors the guard and the strategy share: some 6 MiB at 384 dimensions.
constexpr std::size_t kRememberedTexts = 4096;

EdgeWalkOptions EdgeWalkOptionsOf(const TwoHopOptions& options) {
  EdgeWalkOptions walk = options.edge_walk;
  walk.ask = {.max_attempts = options.max_attempts,
              .max_reply_tokens = kMaxListTokens,
              .temperature = options.temperature,
              .seed = options.seed,
              .use_adapter = options.model_use.adapter,
              .presence_penalty = kListPresencePenalty,
              .send_schema = options.model_use.schema};
  return walk;
}

// Of a strategy on its own.
std::unique_ptr<Strategy> MakeSingle(const StrategyTools& tools,
                                     std::shared_ptr<const DemandGraph> edges,
                                     const TwoHopOptions& options) {
  AskOptions ask{.max_attempts = options.max_attempts,
                 .temperature = options.temperature,
                 .seed = options.seed};
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

// An agent that ranks looks further down its list than what it stands for.
TwoHopOptions RankingOptions(TwoHopOptions options, const AgentOptions& agent) {
  constexpr std::size_t kDepth = 4;
  options.strategy = agent.strategy;
  options.temperature = agent.temperature;
  options.seed += agent.seed;
  options.edge_walk.propose.max_proposals *= kDepth;
  options.edge_walk.propose.max_per_level1 *= 2;
  options.demand_search.max_proposals *= kDepth;
  return options;
}

using AgentChats = std::map<std::string, ChatClient*>;

StrategyTools ToolsOf(const AgentOptions& agent, const StrategyTools& tools,
                      const AgentChats& chats) {
  const auto own = chats.find(agent.model);
  ChatClient& chat = own == chats.end() ? tools.chat : *own->second;
  return {chat, tools.embedder, tools.prompts, tools.space, tools.answers, tools.sensitive};
}

std::unique_ptr<Strategy> MakeStrategy(const StrategyTools& tools,
                                       const std::shared_ptr<const DemandGraph>& edges,
                                       const AgentChats& chats, const TwoHopOptions& options,
                                       const Clock& clock) {
  if (options.deliberation.mode == DeliberationMode::kSingle) {
    return MakeSingle(tools, edges, options);
  }
  const auto tools_of = [&](const AgentOptions& agent) { return ToolsOf(agent, tools, chats); };
  const DeliberationParts parts{.tools = tools,
                                .tools_of = tools_of,
                                .ask = {.max_attempts = options.max_attempts,
                                        .max_reply_tokens = options.max_reply_tokens,
                                        .send_schema = options.model_use.schema},
                                .grounding = options.grounding,
                                .propose = options.edge_walk.propose,
                                .seed = options.seed,
                                .make_ranking = [&](const AgentOptions& agent) {
                                  // What was drawn at random is nobody else's answer.
                                  StrategyTools own = tools_of(agent);
                                  if (agent.temperature > 0.0F) own.answers = nullptr;
                                  return MakeSingle(own, edges, RankingOptions(options, agent));
                                }};
  return MakeDeliberation(parts, options.deliberation, options.strategy, clock);
}

template <typename Predicate>
bool AnyParticipant(const TwoHopOptions& options, const Predicate& predicate) {
  const auto participants = ParticipantsOf(options.deliberation, options.strategy);
  return std::any_of(participants.begin(), participants.end(),
                     [&](const AgentOptions& agent) { return predicate(agent.strategy); });
}

// The labels that no search names: what was both searched for and looked at is a search.
std::vector<std::string> BesidesSearches(std::span<const std::string> labels,
                                         std::span<const std::string> searches) {
  std::set<std::string> known;
  for (const std::string& search : searches) known.insert(NormalizeName(search));
  std::vector<std::string> rest;
  for (const std::string& label : labels) {
    if (known.insert(NormalizeName(label)).second) rest.push_back(label);
  }
  return rest;
}

class TwoHopGenerator final : public InterestGenerator {
 public:
  TwoHopGenerator(ChatClient& chat, EmbeddingClient& embedder, ReasoningKnowledge knowledge,
                  const TwoHopOptions& options, const Clock& clock)
      : space_(std::move(knowledge.space)),
        prompts_(std::move(knowledge.prompts)),
        options_(options),
        clock_(clock),
        embedder_(embedder, knowledge.sensitive == nullptr ? 0 : kRememberedTexts),
        sensitive_(std::move(knowledge.sensitive), knowledge.edges.get(), embedder_, *space_),
        strategy_(MakeStrategy(
            {chat, embedder_, *prompts_, space_, std::move(knowledge.answers), &sensitive_},
            knowledge.edges, knowledge.agent_chats, options, clock)) {}

  Result<Generation> Generate(const UserContext& user, std::stop_token stop) override {
    Generation generation;
    generation.interests.created = clock_.Now();
    const std::optional<CategoryIndex> asked = options_.edge_walk.asked;
    if (asked) generation.explanation = ProposalExplanation{};
    TWOHOP_ASSIGN_OR_RETURN(const SearchingUser searching,
                            Prepare(user, stop, generation.rejected));
    if (searching.searches.empty()) return generation;
    TWOHOP_ASSIGN_OR_RETURN(Proposals proposed, strategy_->Propose(searching, stop));
    CountAll(proposed.rejected, generation.rejected);
    generation.usage = proposed.usage;
    generation.debate = std::move(proposed.debate);
    std::unordered_set<std::string> demands;
    for (const Proposal& proposal : proposed.proposals) demands.insert(proposal.demand);
    if (proposed.asked) demands.insert(proposed.asked->strongest.demand);
    TWOHOP_ASSIGN_OR_RETURN(const auto sensitive, sensitive_.FindIn(demands, std::move(stop)));
    const FilterContext context{.space = *space_,
                                .blocklist = prompts_->blocklist,
                                .shown_level1 = searching.shown_level1,
                                .feedback = &searching.feedback,
                                .screen = &prompts_->screen,
                                .sensitive = &sensitive};
    const std::vector<Proposal> accepted =
        FilterProposals(proposed.proposals, context, options_.filter, generation.rejected);
    if (asked) {
      generation.explanation =
          ExplainProposal({.category = *asked,
                           .reached = proposed.asked,
                           .proposed = proposed.proposals,
                           .accepted = accepted,
                           .context = context,
                           .filter = options_.filter,
                           .max_per_level1 = options_.edge_walk.propose.max_per_level1});
    }
    const std::span<const std::string> evidence = searching.searches;
    generation.interests =
        AssembleInterests(accepted, evidence.last(searching.browsed), *space_, MakeProvenance());
    return generation;
  }

 private:
  // Sensitive searches are not even shown to the model.
  Result<SearchingUser> Prepare(const UserContext& user, const std::stop_token& stop,
                                RejectCounts& rejected) const {
    SearchingUser searching{.profile = user.profile,
                            .searches = {},
                            .shown_level1 = MarkLevel1(space_->taxonomy(), user.clicked_level1),
                            .feedback = user.feedback};
    std::vector<std::string> clean =
        CleanSearches(user.searches, options_.max_searches, options_.max_search_bytes);
    std::vector<std::string> browsed = BesidesSearches(user.browsed, clean);
    const std::size_t given = clean.size() + browsed.size();
    TWOHOP_RETURN_IF_ERROR(LeaveOutSensitive(clean, stop));
    TWOHOP_RETURN_IF_ERROR(LeaveOutSensitive(browsed, stop));
    Count(RejectReason::kBlocked, rejected, given - clean.size() - browsed.size());
    searching.browsed = browsed.size();
    searching.searches = std::move(clean);
    std::move(browsed.begin(), browsed.end(), std::back_inserter(searching.searches));
    return searching;
  }

  Status LeaveOutSensitive(std::vector<std::string>& texts, const std::stop_token& stop) const {
    std::erase_if(texts, [&](const std::string& text) { return prompts_->blocklist.Blocks(text); });
    if (texts.empty()) return Ok();
    TWOHOP_ASSIGN_OR_RETURN(const auto sensitive,
                            sensitive_.FindIn({texts.begin(), texts.end()}, stop));
    std::erase_if(texts, [&](const std::string& text) { return sensitive.contains(text); });
    return Ok();
  }

  Provenance MakeProvenance() const {
    return {.model = strategy_->model(),
            .prompt_version = strategy_->prompt_version(),
            .strategy = DescribeDeliberation(options_.deliberation, options_.strategy),
            .seed = options_.seed,
            .time = clock_.Now(),
            .taxonomy = space_->taxonomy().fingerprint()};
  }

  const std::shared_ptr<const CategorySpace> space_;
  const std::shared_ptr<const PromptSet> prompts_;
  const TwoHopOptions options_;
  const Clock& clock_;
  RememberingEmbedder embedder_;
  const SensitiveTexts sensitive_;
  const std::unique_ptr<Strategy> strategy_;
};

}  // namespace

bool AsksChatModel(const TwoHopOptions& options) {
  return AnyParticipant(options, [](TwoHopStrategy one) { return AsksChatModel(one); });
}

bool NeedsEdges(const TwoHopOptions& options) {
  return AnyParticipant(options, [](TwoHopStrategy one) { return NeedsEdges(one); });
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
  TWOHOP_RETURN_IF_ERROR(deliberation.Validate());
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
  if (NeedsEdges(options) && knowledge.edges == nullptr) {
    return FailedPrecondition(
        fmt::format("the strategy {} has no edges to walk on",
                    DescribeDeliberation(options.deliberation, options.strategy)));
  }
  if (options.deliberation.mode == DeliberationMode::kDebate) {
    for (const AgentOptions& agent : options.deliberation.agents) {
      if (agent.model.empty() || knowledge.agent_chats.contains(agent.model)) continue;
      return FailedPrecondition(
          fmt::format("agent {} asks {}, which is not there", agent.name, agent.model));
    }
  }
  if (knowledge.sensitive != nullptr && knowledge.sensitive->dim() != knowledge.space->dim()) {
    return FailedPrecondition(
        fmt::format("sensitive descriptions have dimension {}, but the categories' have {}",
                    knowledge.sensitive->dim(), knowledge.space->dim()));
  }
  return std::make_unique<TwoHopGenerator>(chat, embedder, std::move(knowledge), options, clock);
}

}  // namespace twohop
