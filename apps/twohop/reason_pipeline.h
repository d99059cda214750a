// Latent interests for many users.

#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "apps/common/config.h"
#include "apps/common/workspace.h"
#include "apps/twohop/model_access.h"

#include "twohop/base/clock.h"
#include "twohop/base/progress.h"
#include "twohop/base/result.h"
#include "twohop/nearline/interest_refresher.h"
#include "twohop/nearline/user_token_budget.h"
#include "twohop/reasoning/edge_store.h"
#include "twohop/reasoning/stored_answers.h"
#include "twohop/reasoning/two_hop_generator.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop::app {

// A generator as configured, and what it signs its results with.
struct ConfiguredReasoning {
  std::unique_ptr<InterestGenerator> generator;
  InterestMaker maker;
  std::shared_ptr<const Taxonomy> taxonomy;
};

// As the configuration says it; ParseConfig has checked it.
DeliberationOptions DeliberationFrom(const ReasoningConfig& config);

// The generator asks the models, and so starts them, when it is first asked itself. It keeps their
// answers in `answers`, or if that is null, in the process (OpenAnswerStore).
//
// Of `asked`, a category of the workspace's taxonomy, Generation::explanation tells what became, if
// the strategy is shared_edges.
//
// `models` and `clock` must outlive the result.
//
// Errors: those of Prompt::Load, LoadCategoryEmbeddings and LoadWorkspaceEdges; kFailedPrecondition
// if nothing was imported or embedded yet.
Result<ConfiguredReasoning> MakeReasoning(const Workspace& workspace, const Config& config,
                                          ModelAccess& models, const Clock& clock,
                                          const ModelUse& use = {},
                                          std::shared_ptr<EdgeStore> answers = nullptr,
                                          std::optional<CategoryIndex> asked = {});

// What a generator reads of the workspace; `with_edges`: NeedsEdges of its options.
//
// Errors: as MakeReasoning.
Result<ReasoningKnowledge> LoadReasoningKnowledge(const Workspace& workspace, const Config& config,
                                                  bool with_edges, const ModelAccess& models,
                                                  const Clock& clock);

// The answers in `store`, which must outlive the result like the other arguments.
//
// Errors: those of StoredAnswers::Make.
Result<std::shared_ptr<StoredAnswers>> MakeStoredAnswers(EdgeStore& store, const Config& config,
                                                         const ReasoningKnowledge& knowledge,
                                                         const ModelAccess& models,
                                                         EmbeddingClient& embedder);

EvidenceOptions EvidenceFrom(const Config& config, std::shared_ptr<const Taxonomy> taxonomy);

// True if the user searched for something or, if that is evidence, browsed.
bool HasEvidence(const UserState& user, const EvidenceOptions& evidence);

// The first `limit` users, by id, who have evidence.
//
// Errors: those of UserStateStore::ForEach.
Result<std::vector<UserId>> FindUsersWithEvidence(const UserStateStore& states, std::size_t limit,
                                                  const EvidenceOptions& evidence);
// The first `limit` others.
Result<std::vector<UserId>> FindUsersWithoutEvidence(const UserStateStore& states,
                                                     std::size_t limit,
                                                     const EvidenceOptions& evidence);

RefreshOptions RefreshOptionsFrom(const Config& config, std::shared_ptr<const Taxonomy> taxonomy);

// What each user may cost in a day; null if the configuration has no such limit.
//
// Errors: those of UserTokenBudget::Open.
Result<std::unique_ptr<UserTokenBudget>> OpenUserTokenBudget(const Workspace& workspace,
                                                             const Config& config,
                                                             const Clock& clock);

// Refreshes these users as far as they need it, and keeps what that used for later estimates.
//
// Errors: those of MakeReasoning and OpenUserTokenBudget. How the batch itself ended is in the
// result.
Result<BatchRefresh> RefreshInterests(const Workspace& workspace, const Config& config,
                                      UserStateStore& states, std::span<const UserId> users,
                                      ModelAccess& models, const Clock& clock, Progress& progress,
                                      std::stop_token stop);

// Gives users without evidence of their own what is common in their cohort, as far as they need it.
// Asks no model. Does nothing if the configuration has no cohorts.
//
// Errors: those of CohortInterests::Count. How the batch itself ended is in the result.
Result<BatchRefresh> RefreshCohorts(const Config& config, UserStateStore& states,
                                    const std::shared_ptr<const Taxonomy>& taxonomy,
                                    std::span<const UserId> users, const Clock& clock,
                                    Progress& progress, std::stop_token stop);

}  // namespace twohop::app
