#include "apps/twohop/reason_pipeline.h"

#include <utility>

#include "apps/common/assets.h"
#include "apps/common/category_embeddings.h"
#include "apps/common/workspace_catalog.h"
#include "apps/twohop/edges_pipeline.h"
#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/base/hash.h"
#include "twohop/base/mutex.h"

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

// Starts the models when it is first asked.
class LazyGenerator final : public InterestGenerator {
 public:
  LazyGenerator(ModelAccess& models, const Config& config, std::shared_ptr<EdgeStore> store,
                ReasoningKnowledge knowledge, TwoHopOptions options, const Clock& clock)
      : models_(models),
        config_(config),
        store_(std::move(store)),
        knowledge_(std::move(knowledge)),
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
      if (AsksChatModel(options_.strategy)) {
        TWOHOP_ASSIGN_OR_RETURN(chat, models_.Chat(stop));
      }
      TWOHOP_ASSIGN_OR_RETURN(EmbeddingClient* const embedder, models_.Embedding(stop));
      ReasoningKnowledge knowledge = knowledge_;
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

  ModelAccess& models_;
  const Config config_;
  const std::shared_ptr<EdgeStore> store_;
  const ReasoningKnowledge knowledge_;
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
  options.filter.max_interests = config.max_interests;
  options.filter.max_per_level1 = config.max_per_level1;
  return options;
}

std::string PromptVersionOf(TwoHopStrategy strategy, const PromptSet& prompts) {
  switch (strategy) {
    case TwoHopStrategy::kFullTwoHop:
      return prompts.two_hop.version();
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

InterestMaker MakerOf(const TwoHopOptions& options, const ReasoningKnowledge& knowledge,
                      const ModelAccess& models) {
  InterestMaker maker{.prompt_version = PromptVersionOf(options.strategy, *knowledge.prompts),
                      .strategy = std::string(TwoHopStrategyName(options.strategy)),
                      .taxonomy = knowledge.space->taxonomy().fingerprint()};
  maker.model = models.embedding_model();
  if (AsksChatModel(options.strategy)) {
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

}  // namespace

Result<ConfiguredReasoning> MakeReasoning(const Workspace& workspace, const Config& config,
                                          ModelAccess& models, const Clock& clock,
                                          const ModelUse& use, std::shared_ptr<EdgeStore> answers) {
  TwoHopOptions options = OptionsFrom(config.reasoning);
  options.model_use = use;
  TWOHOP_RETURN_IF_ERROR(options.Validate());
  TWOHOP_ASSIGN_OR_RETURN(
      ReasoningKnowledge knowledge,
      LoadReasoningKnowledge(workspace, config, options.strategy, models, clock));
  InterestMaker maker = MakerOf(options, knowledge, models);
  if (NeedsEdges(options.strategy)) {
    maker.model += "+edges " + HashHex(knowledge.edges_fingerprint);
  }
  std::shared_ptr<const Taxonomy> taxonomy = knowledge.space->shared_taxonomy();
  return ConfiguredReasoning{
      .generator = std::make_unique<LazyGenerator>(models, config, std::move(answers),
                                                   std::move(knowledge), options, clock),
      .maker = std::move(maker),
      .taxonomy = std::move(taxonomy)};
}

Result<ReasoningKnowledge> LoadReasoningKnowledge(const Workspace& workspace, const Config& config,
                                                  TwoHopStrategy strategy,
                                                  const ModelAccess& models, const Clock& clock) {
  ReasoningKnowledge knowledge;
  TWOHOP_ASSIGN_OR_RETURN(knowledge.space, LoadCategorySpace(workspace, models));
  TWOHOP_ASSIGN_OR_RETURN(PromptSet prompts, LoadPromptSet(PromptFolder()));
  knowledge.prompts = std::make_shared<const PromptSet>(std::move(prompts));
  if (NeedsEdges(strategy)) {
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

Result<std::vector<UserId>> FindUsersWhoSearched(const UserStateStore& states, std::size_t limit) {
  std::vector<UserId> users;
  TWOHOP_RETURN_IF_ERROR(states.ForEach([&](const UserState& user) {
    if (!user.searches.empty()) users.push_back(user.profile.id);
    return users.size() < limit;
  }));
  return users;
}

Result<BatchRefresh> RefreshInterests(const Workspace& workspace, const Config& config,
                                      UserStateStore& states, std::span<const UserId> users,
                                      ModelAccess& models, const Clock& clock, Progress& progress,
                                      std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(auto answers, OpenAnswerStore(workspace, config, clock));
  TWOHOP_ASSIGN_OR_RETURN(const ConfiguredReasoning reasoning,
                          MakeReasoning(workspace, config, models, clock, {}, std::move(answers)));
  InterestRefresher refresher(states, *reasoning.generator, clock, reasoning.maker,
                              {.concurrency = config.llm.parallel});
  return refresher.RefreshUsers(users, progress, std::move(stop));
}

}  // namespace twohop::app
