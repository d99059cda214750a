#include "apps/twohop/reason_pipeline.h"

#include <utility>

#include "apps/common/assets.h"
#include "apps/common/category_embeddings.h"
#include "apps/common/workspace_catalog.h"
#include <fmt/format.h>

#include "twohop/base/check.h"
#include "twohop/base/mutex.h"
#include "twohop/reasoning/two_hop_generator.h"

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
  LazyGenerator(ModelAccess& models, std::shared_ptr<const CategorySpace> space,
                std::shared_ptr<const PromptSet> prompts, TwoHopOptions options, const Clock& clock)
      : models_(models),
        space_(std::move(space)),
        prompts_(std::move(prompts)),
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
      if (options_.strategy != TwoHopStrategy::kEmbeddingOnly) {
        TWOHOP_ASSIGN_OR_RETURN(chat, models_.Chat(stop));
      }
      TWOHOP_ASSIGN_OR_RETURN(EmbeddingClient* const embedder, models_.Embedding(stop));
      TWOHOP_ASSIGN_OR_RETURN(
          generator_, MakeTwoHopGenerator(*chat, *embedder, space_, prompts_, options_, clock_));
    }
    return generator_.get();
  }

  ModelAccess& models_;
  const std::shared_ptr<const CategorySpace> space_;
  const std::shared_ptr<const PromptSet> prompts_;
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

InterestMaker MakerOf(const TwoHopOptions& options, const PromptSet& prompts,
                      const ModelAccess& models, const Taxonomy& taxonomy) {
  InterestMaker maker{.strategy = std::string(TwoHopStrategyName(options.strategy)),
                      .taxonomy = taxonomy.fingerprint()};
  maker.model = models.embedding_model();
  if (options.strategy == TwoHopStrategy::kEmbeddingOnly) return maker;
  maker.model += "+" + models.chat_model();
  maker.prompt_version = options.strategy == TwoHopStrategy::kFullTwoHop ? prompts.two_hop.version()
                                                                         : prompts.demand.version();
  return maker;
}

}  // namespace

Result<ConfiguredReasoning> MakeReasoning(const Workspace& workspace, const Config& config,
                                          ModelAccess& models, const Clock& clock) {
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
  TWOHOP_ASSIGN_OR_RETURN(PromptSet prompts, LoadPromptSet(PromptFolder()));
  const TwoHopOptions options = OptionsFrom(config.reasoning);
  TWOHOP_RETURN_IF_ERROR(options.Validate());
  InterestMaker maker = MakerOf(options, prompts, models, catalog->taxonomy());
  return ConfiguredReasoning{
      .generator = std::make_unique<LazyGenerator>(
          models, std::make_shared<const CategorySpace>(std::move(space)),
          std::make_shared<const PromptSet>(std::move(prompts)), options, clock),
      .maker = std::move(maker)};
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
  TWOHOP_ASSIGN_OR_RETURN(const ConfiguredReasoning reasoning,
                          MakeReasoning(workspace, config, models, clock));
  InterestRefresher refresher(states, *reasoning.generator, clock, reasoning.maker,
                              {.concurrency = config.llm.parallel});
  return refresher.RefreshUsers(users, progress, std::move(stop));
}

}  // namespace twohop::app
