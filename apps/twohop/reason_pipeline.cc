#include "apps/twohop/reason_pipeline.h"

#include <map>
#include <utility>

#include "apps/common/assets.h"
#include "apps/common/category_embeddings.h"
#include "apps/common/workspace_catalog.h"
#include "apps/twohop/edges_pipeline.h"
#include "apps/twohop/usage_history.h"
#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/base/hash.h"
#include "twohop/base/mutex.h"
#include "twohop/nearline/cohort_interests.h"

namespace twohop::app {
namespace {

// Stands where a strategy needs no language model, so that none is started.
class NoChatClient final : public ChatClient {
 public:
  Result<ChatReply> Complete(const ChatRequest&, std::stop_token) override {
    return Internal("a strategy without a language model asked one");
  }
  std::string model() const override { return "none"; }
};

// What the second guard is made of once there is an embedding model.
struct SensitiveSetup {
  std::vector<SensitiveTheme> themes;  // Empty: there is no second guard.
  SensitiveOptions options;
};

// Starts the models when it is first asked.
class LazyGenerator final : public InterestGenerator {
 public:
  LazyGenerator(ModelAccess& models, const Config& config, std::shared_ptr<EdgeStore> store,
                ReasoningKnowledge knowledge, SensitiveSetup sensitive, TwoHopOptions options,
                const Clock& clock)
      : models_(models),
        config_(config),
        store_(std::move(store)),
        knowledge_(std::move(knowledge)),
        sensitive_(std::move(sensitive)),
        options_(std::move(options)),
        clock_(clock) {}

  Result<Generation> Generate(const UserContext& user, std::stop_token stop) override {
    TWOHOP_ASSIGN_OR_RETURN(InterestGenerator* const generator, Start(stop));
    return generator->Generate(user, stop);
  }

 private:
  Result<InterestGenerator*> Start(std::stop_token stop) {
    MutexLock lock(starting_);
    if (generator_ == nullptr) {
      ChatClient* chat = &no_chat_;
      if (AsksChatModel(options_)) {
        TWOHOP_ASSIGN_OR_RETURN(chat, models_.Chat(stop));
      }
      TWOHOP_ASSIGN_OR_RETURN(EmbeddingClient* const embedder, models_.Embedding(stop));
      ReasoningKnowledge knowledge = knowledge_;
      if (!sensitive_.themes.empty()) {
        TWOHOP_ASSIGN_OR_RETURN(
            SensitiveDemands guard,
            SensitiveDemands::Build(sensitive_.themes, *embedder, sensitive_.options, stop));
        knowledge.sensitive = std::make_shared<const SensitiveDemands>(std::move(guard));
      }
      if (options_.deliberation.mode == DeliberationMode::kDebate) {
        TWOHOP_ASSIGN_OR_RETURN(knowledge.agent_chats, AgentChats(stop));
      }
      if (store_ != nullptr) {
        TWOHOP_ASSIGN_OR_RETURN(
            knowledge.answers, MakeStoredAnswers(*store_, config_, knowledge_, models_, *embedder));
      }
      TWOHOP_ASSIGN_OR_RETURN(
          generator_,
          MakeTwoHopGenerator(*chat, *embedder, std::move(knowledge), options_, clock_));
    }
    return generator_.get();
  }

  Result<std::map<std::string, ChatClient*>> AgentChats(const std::stop_token& stop) {
    std::map<std::string, ChatClient*> chats;
    for (const AgentConfig& agent : config_.reasoning.agents) {
      if (!agent.has_endpoint()) continue;
      TWOHOP_ASSIGN_OR_RETURN(chats[EndpointName(agent.endpoint)],
                              models_.AgentChat(agent.endpoint, stop));
    }
    return chats;
  }

  ModelAccess& models_;
  const Config config_;
  const std::shared_ptr<EdgeStore> store_;
  const ReasoningKnowledge knowledge_;
  const SensitiveSetup sensitive_;
  const TwoHopOptions options_;
  const Clock& clock_;
  NoChatClient no_chat_;
  Mutex starting_;
  std::unique_ptr<InterestGenerator> generator_ TWOHOP_GUARDED_BY(starting_);
};

TwoHopOptions OptionsFrom(const ReasoningConfig& config) {
  TwoHopOptions options;
  const auto strategy = FindTwoHopStrategy(config.strategy);
  TWOHOP_CHECK(strategy.has_value());  // ParseConfig has checked it.
  options.strategy = *strategy;
  options.seed = config.seed;
  options.deliberation = DeliberationFrom(config);
  options.filter.max_interests = config.max_interests;
  options.filter.max_per_level1 = config.max_per_level1;
  return options;
}

std::string PromptVersionOf(TwoHopStrategy strategy, bool debates, const PromptSet& prompts) {
  switch (strategy) {
    case TwoHopStrategy::kFullTwoHop:
      return debates ? prompts.debate.version() + "+" + prompts.debate_revise.version()
                     : prompts.two_hop.version();
    case TwoHopStrategy::kDemandSearch:
      return prompts.demand.version();
    case TwoHopStrategy::kHopByHop:
    case TwoHopStrategy::kInterestGpt:
      return prompts.hop1.version() + "+" + prompts.hop2.version();
    case TwoHopStrategy::kEmbeddingOnly:
    case TwoHopStrategy::kSharedEdges:
      return {};
  }
  return {};
}

std::string PromptVersionsOf(const TwoHopOptions& options, const PromptSet& prompts) {
  const bool debates = options.deliberation.mode != DeliberationMode::kSingle;
  std::string versions;
  for (const AgentOptions& agent : ParticipantsOf(options.deliberation, options.strategy)) {
    if (!versions.empty()) versions += "+";
    versions += PromptVersionOf(agent.strategy, debates, prompts);
  }
  return versions;
}

InterestMaker MakerOf(const TwoHopOptions& options, const ReasoningKnowledge& knowledge,
                      const ModelAccess& models) {
  InterestMaker maker{.prompt_version = PromptVersionsOf(options, *knowledge.prompts),
                      .strategy = DescribeDeliberation(options.deliberation, options.strategy),
                      .taxonomy = knowledge.space->taxonomy().fingerprint()};
  maker.model = models.embedding_model();
  if (AsksChatModel(options)) {
    maker.model += "+" + models.chat_model() + "+" + models.chat_adapter();
  }
  return maker;
}

Result<std::shared_ptr<const CategorySpace>> LoadCategorySpace(const Workspace& workspace,
                                                               const ModelAccess& models) {
  TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace));
  TWOHOP_ASSIGN_OR_RETURN(EmbeddingFile categories,
                          LoadCategoryEmbeddings(workspace, catalog->taxonomy()));
  if (categories.encoder != models.embedding_model()) {
    return FailedPrecondition(fmt::format(
        "categories were embedded with {} and {} is configured: run `twohop embed` again",
        categories.encoder, models.embedding_model()));
  }
  TWOHOP_ASSIGN_OR_RETURN(CategorySpace space, CategorySpace::Build(catalog->shared_taxonomy(),
                                                                    std::move(categories.vectors)));
  return std::make_shared<const CategorySpace>(std::move(space));
}

template <typename Predicate>
Result<std::vector<UserId>> FindUsers(const UserStateStore& states, std::size_t limit,
                                      const Predicate& predicate) {
  std::vector<UserId> users;
  if (limit == 0) return users;
  TWOHOP_RETURN_IF_ERROR(states.ForEach([&](const UserState& user) {
    if (predicate(user)) users.push_back(user.profile.id);
    return users.size() < limit;
  }));
  return users;
}

}  // namespace

DeliberationOptions DeliberationFrom(const ReasoningConfig& config) {
  const auto mode = FindDeliberationMode(config.mode);
  TWOHOP_CHECK(mode.has_value());  // ParseConfig has checked it.
  DeliberationOptions options{.mode = *mode,
                              .samples = config.samples,
                              .sample_temperature = static_cast<float>(config.sample_temperature),
                              .rounds = config.rounds,
                              .enough_agreement = config.enough_agreement,
                              .trust = static_cast<float>(config.trust)};
  if (!config.agents.empty()) options.agents.clear();
  for (const AgentConfig& agent : config.agents) {
    const auto strategy = FindTwoHopStrategy(agent.strategy);
    TWOHOP_CHECK(strategy.has_value());  // ParseConfig has checked it.
    options.agents.push_back({.name = agent.name,
                              .strategy = *strategy,
                              .persona = agent.persona,
                              .temperature = static_cast<float>(agent.temperature),
                              .seed = agent.seed,
                              .weight = agent.weight,
                              .model = agent.has_endpoint() ? EndpointName(agent.endpoint) : ""});
  }
  return options;
}

Result<ConfiguredReasoning> MakeReasoning(const Workspace& workspace, const Config& config,
                                          ModelAccess& models, const Clock& clock,
                                          const ModelUse& use, std::shared_ptr<EdgeStore> answers,
                                          std::optional<CategoryIndex> asked) {
  TwoHopOptions options = OptionsFrom(config.reasoning);
  options.model_use = use;
  options.edge_walk.asked = asked;
  TWOHOP_RETURN_IF_ERROR(options.Validate());
  TWOHOP_ASSIGN_OR_RETURN(
      ReasoningKnowledge knowledge,
      LoadReasoningKnowledge(workspace, config, NeedsEdges(options), models, clock));
  InterestMaker maker = MakerOf(options, knowledge, models);
  if (knowledge.edges != nullptr) {
    maker.model += "+edges " + HashHex(knowledge.edges_fingerprint);
  }
  SensitiveSetup sensitive;
  if (config.reasoning.sensitive_similarity > 0) {
    TWOHOP_ASSIGN_OR_RETURN(sensitive.themes, LoadSensitiveThemes(PromptFolder()));
    sensitive.options.min_similarity = static_cast<float>(config.reasoning.sensitive_similarity);
    maker.strategy += fmt::format(", guarded from {:.3g}", config.reasoning.sensitive_similarity);
  }
  std::shared_ptr<const Taxonomy> taxonomy = knowledge.space->shared_taxonomy();
  return ConfiguredReasoning{.generator = std::make_unique<LazyGenerator>(
                                 models, config, std::move(answers), std::move(knowledge),
                                 std::move(sensitive), options, clock),
                             .maker = std::move(maker),
                             .taxonomy = std::move(taxonomy)};
}

Result<ReasoningKnowledge> LoadReasoningKnowledge(const Workspace& workspace, const Config& config,
                                                  bool with_edges, const ModelAccess& models,
                                                  const Clock& clock) {
  ReasoningKnowledge knowledge;
  TWOHOP_ASSIGN_OR_RETURN(knowledge.space, LoadCategorySpace(workspace, models));
  TWOHOP_ASSIGN_OR_RETURN(PromptSet prompts, LoadPromptSet(PromptFolder()));
  knowledge.prompts = std::make_shared<const PromptSet>(std::move(prompts));
  if (with_edges) {
    TWOHOP_ASSIGN_OR_RETURN(
        WorkspaceEdges edges,
        LoadWorkspaceEdges(workspace, config, clock, knowledge.space, models.embedding_model()));
    knowledge.edges = std::move(edges.graph);
    knowledge.edges_fingerprint = edges.fingerprint;
  }
  return knowledge;
}

Result<std::shared_ptr<StoredAnswers>> MakeStoredAnswers(EdgeStore& store, const Config& config,
                                                         const ReasoningKnowledge& knowledge,
                                                         const ModelAccess& models,
                                                         EmbeddingClient& embedder) {
  const StoredAnswers::Parts parts{store, knowledge.space->taxonomy(), embedder,
                                   knowledge.prompts->blocklist};
  TWOHOP_ASSIGN_OR_RETURN(
      auto answers,
      StoredAnswers::Make(parts,
                          {.merge_cosine = static_cast<float>(config.reasoning.edge_merge_cosine),
                           .adapter = models.chat_adapter()}));
  return std::shared_ptr<StoredAnswers>(std::move(answers));
}

EvidenceOptions EvidenceFrom(const Config& config, std::shared_ptr<const Taxonomy> taxonomy) {
  return {.max_browsed = config.reasoning.browsed_categories,
          .min_browsed_clicks = config.reasoning.browsed_min_clicks,
          .taxonomy = std::move(taxonomy)};
}

bool HasEvidence(const UserState& user, const EvidenceOptions& evidence) {
  return !user.searches.empty() || !BrowsedCategories(user, evidence).empty();
}

Result<std::vector<UserId>> FindUsersWithEvidence(const UserStateStore& states, std::size_t limit,
                                                  const EvidenceOptions& evidence) {
  return FindUsers(states, limit,
                   [&](const UserState& user) { return HasEvidence(user, evidence); });
}

Result<std::vector<UserId>> FindUsersWithoutEvidence(const UserStateStore& states,
                                                     std::size_t limit,
                                                     const EvidenceOptions& evidence) {
  return FindUsers(states, limit,
                   [&](const UserState& user) { return !HasEvidence(user, evidence); });
}

RefreshOptions RefreshOptionsFrom(const Config& config, std::shared_ptr<const Taxonomy> taxonomy) {
  RefreshOptions options{.concurrency = config.llm.parallel,
                         .evidence = EvidenceFrom(config, std::move(taxonomy))};
  if (config.llm_limits.refresh_deadline_s > 0) {
    options.deadline = std::chrono::seconds(config.llm_limits.refresh_deadline_s);
  }
  return options;
}

Result<std::unique_ptr<UserTokenBudget>> OpenUserTokenBudget(const Workspace& workspace,
                                                             const Config& config,
                                                             const Clock& clock) {
  const std::uint64_t tokens = config.llm_limits.per_user_daily_tokens;
  if (tokens == 0) return nullptr;
  return UserTokenBudget::Open(workspace.user_tokens(), tokens, clock);
}

Result<BatchRefresh> RefreshInterests(const Workspace& workspace, const Config& config,
                                      UserStateStore& states, std::span<const UserId> users,
                                      ModelAccess& models, const Clock& clock, Progress& progress,
                                      std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(auto answers, OpenAnswerStore(workspace, config, clock));
  TWOHOP_ASSIGN_OR_RETURN(const ConfiguredReasoning reasoning,
                          MakeReasoning(workspace, config, models, clock, {}, std::move(answers)));
  TWOHOP_ASSIGN_OR_RETURN(const auto user_budget, OpenUserTokenBudget(workspace, config, clock));
  InterestRefresher refresher(states, *reasoning.generator, clock, reasoning.maker,
                              RefreshOptionsFrom(config, reasoning.taxonomy), user_budget.get());
  BatchRefresh batch = refresher.RefreshUsers(users, progress, std::move(stop));
  if (batch.report.answered() > 0) {
    const Status kept = AddMeasuredUsage(workspace.reasoning_usage(), reasoning.maker,
                                         {batch.report.answered(), batch.report.usage});
    if (batch.status.has_value()) batch.status = kept;
  }
  return batch;
}

Result<BatchRefresh> RefreshCohorts(const Config& config, UserStateStore& states,
                                    const std::shared_ptr<const Taxonomy>& taxonomy,
                                    std::span<const UserId> users, const Clock& clock,
                                    Progress& progress, std::stop_token stop) {
  if (config.reasoning.cohort_min_users == 0 || users.empty()) return BatchRefresh{};
  const CohortOptions options{.min_users = config.reasoning.cohort_min_users,
                              .max_interests = config.reasoning.max_interests,
                              .max_per_level1 = config.reasoning.max_per_level1};
  TWOHOP_ASSIGN_OR_RETURN(CohortInterests cohorts,
                          CohortInterests::Count(states, taxonomy, options));
  const auto generator = MakeCohortGenerator(std::move(cohorts), clock);
  const InterestMaker maker{.model = {},
                            .prompt_version = {},
                            .strategy = fmt::format("cohort of {}", options.min_users),
                            .taxonomy = taxonomy->fingerprint()};
  InterestRefresher refresher(states, *generator, clock, maker,
                              RefreshOptionsFrom(config, taxonomy));
  return refresher.RefreshUsers(users, progress, std::move(stop));
}

}  // namespace twohop::app
