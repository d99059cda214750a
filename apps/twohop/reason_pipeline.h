// Latent interests for many users.

#pragma once

#include <cstddef>
#include <memory>
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

// The generator asks the models, and so starts them, when it is first asked itself. It keeps their
// answers in `answers`, or if that is null, in the process (OpenAnswerStore).
//
// `models` and `clock` must outlive the result.
//
// Errors: those of Prompt::Load, LoadCategoryEmbeddings and LoadWorkspaceEdges; kFailedPrecondition
// if nothing was imported or embedded yet.
Result<ConfiguredReasoning> MakeReasoning(const Workspace& workspace, const Config& config,
                                          ModelAccess& models, const Clock& clock,
                                          const ModelUse& use = {},
                                          std::shared_ptr<EdgeStore> answers = nullptr);

// What a generator of `strategy` reads of the workspace.
//
// Errors: as MakeReasoning.
Result<ReasoningKnowledge> LoadReasoningKnowledge(const Workspace& workspace, const Config& config,
                                                  TwoHopStrategy strategy,
                                                  const ModelAccess& models, const Clock& clock);

// The answers in `store`, which must outlive the result like the other arguments.
//
// Errors: those of StoredAnswers::Make.
Result<std::shared_ptr<StoredAnswers>> MakeStoredAnswers(EdgeStore& store, const Config& config,
                                                         const ReasoningKnowledge& knowledge,
                                                         const ModelAccess& models,
                                                         EmbeddingClient& embedder);

// The first `limit` users, by id, who searched for something.
//
// Errors: those of UserStateStore::ForEach.
Result<std::vector<UserId>> FindUsersWhoSearched(const UserStateStore& states, std::size_t limit);

// Refreshes these users as far as they need it.
//
// Errors: those of MakeReasoning. How the batch itself ended is in the result.
Result<BatchRefresh> RefreshInterests(const Workspace& workspace, const Config& config,
                                      UserStateStore& states, std::span<const UserId> users,
                                      ModelAccess& models, const Clock& clock, Progress& progress,
                                      std::stop_token stop);

}  // namespace twohop::app
