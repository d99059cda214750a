#include "apps/twohop/reason_estimate.h"

#include <cmath>
#include <utility>
#include <vector>

#include "apps/common/category_embeddings.h"
#include "apps/common/workspace_catalog.h"
#include "apps/twohop/model_access.h"
#include "apps/twohop/reason_pipeline.h"
#include <fmt/format.h>

#include "twohop/llm/rehearsal_chat_client.h"
#include "twohop/nearline/refresh_policy.h"

namespace twohop::app {
namespace {

// Gives every text the same vector: near to nothing, so edges know no search, and each is asked
// for.
class RehearsalEmbeddingClient final : public EmbeddingClient {
 public:
  RehearsalEmbeddingClient(std::size_t dim, std::string model)
      : dim_(dim), model_(std::move(model)) {}

  Result<Embeddings> Embed(std::span<const std::string> texts, std::stop_token) override {
    Embeddings vectors(texts.size(), dim_);
    for (std::size_t i = 0; i < texts.size(); ++i) vectors.mutable_row(i)[0] = 1.0F;
    return vectors;
  }

  std::string model() const override { return model_; }

 private:
  const std::size_t dim_;
  const std::string model_;
};

Result<std::vector<UserContext>> FindUsersDue(const UserStateStore& states,
                                              std::span<const UserId> users,
                                              const InterestMaker& maker,
                                              const EvidenceOptions& evidence, const Clock& clock) {
  const TimePoint now = clock.Now();
  std::vector<UserContext> due;
  for (const UserId& id : users) {
    TWOHOP_ASSIGN_OR_RETURN(const auto state, states.Get(id));
    if (!state.has_value()) continue;
    UserContext context = MakeUserContext(*state, now, evidence);
    if (NeedsRefresh(state->interests, FingerprintOf(maker), FingerprintOf(context), now,
                     RefreshOptions().soft_ttl) != RefreshReason::kNone) {
      due.push_back(std::move(context));
    }
  }
  return due;
}

double UsdOf(const TokenPrice& price, const TokenUsage& usage) {
  return twohop::UsdOf(price, static_cast<double>(usage.prompt_tokens),
                       static_cast<double>(usage.completion_tokens));
}

// What `users` of as many as were measured would use.
TokenUsage Extrapolate(const MeasuredUsage& measured, std::uint64_t users) {
  const double share = static_cast<double>(users) / static_cast<double>(measured.users);
  const auto scale = [share](std::uint64_t count) {
    return static_cast<std::uint64_t>(std::llround(static_cast<double>(count) * share));
  };
  return {.prompt_tokens = scale(measured.usage.prompt_tokens),
          .completion_tokens = scale(measured.usage.completion_tokens),
          .calls = scale(measured.usage.calls)};
}

Status AddSpentToday(const Workspace& workspace, const Config& config, const Clock& clock,
                     ReasonEstimate& estimate) {
  estimate.day = DayLimits(config.llm_limits);
  if (!estimate.day.max_tokens && !estimate.day.max_usd) return Ok();
  TWOHOP_ASSIGN_OR_RETURN(const auto ledger,
                          SpendingLedger::OpenDaily(workspace.spending(), clock));
  TWOHOP_ASSIGN_OR_RETURN(estimate.spent_today, ledger->Spent());
  return Ok();
}

std::string DescribeDay(const ReasonEstimate& estimate) {
  std::string text;
  if (estimate.day.max_tokens) {
    text += fmt::format("  of the day's {} tokens {} are spent\n", *estimate.day.max_tokens,
                        estimate.spent_today.tokens);
  }
  if (estimate.day.max_usd) {
    text += fmt::format("  of the day's ${} ${:.4f} are spent\n", *estimate.day.max_usd,
                        estimate.spent_today.usd);
  }
  return text;
}

}  // namespace

Result<ReasonEstimate> EstimateReasoning(const Workspace& workspace, const Config& config,
                                         const UserStateStore& states,
                                         std::span<const UserId> users, const Clock& clock,
                                         std::stop_token stop) {
  TWOHOP_ASSIGN_OR_RETURN(const auto catalog, LoadWorkspaceCatalog(workspace));
  TWOHOP_ASSIGN_OR_RETURN(const EmbeddingFile categories,
                          LoadCategoryEmbeddings(workspace, catalog->taxonomy()));
  RehearsalChatClient chat(TwoHopOptions().max_attempts);
  RehearsalEmbeddingClient embedding(categories.vectors.dim(), categories.encoder);
  ModelAccess models(config, workspace, clock);
  models.Rehearse(chat, embedding);
  TWOHOP_ASSIGN_OR_RETURN(const ConfiguredReasoning reasoning,
                          MakeReasoning(workspace, config, models, clock));
  TWOHOP_ASSIGN_OR_RETURN(const std::vector<UserContext> due,
                          FindUsersDue(states, users, reasoning.maker,
                                       EvidenceFrom(config, reasoning.taxonomy), clock));
  for (const UserContext& user : due) {
    TWOHOP_RETURN_IF_ERROR(reasoning.generator->Generate(user, stop));
  }
  ReasonEstimate estimate{.users = users.size(), .due = due.size(), .most = chat.usage()};
  estimate.most_usd = UsdOf(DearestPrice(config), estimate.most);
  estimate.measured = FindMeasuredUsage(workspace.reasoning_usage(), reasoning.maker);
  if (estimate.measured) {
    estimate.expected = Extrapolate(*estimate.measured, estimate.due);
    estimate.expected_usd = UsdOf(PriceOf(config.llm), estimate.expected);
  }
  TWOHOP_RETURN_IF_ERROR(AddSpentToday(workspace, config, clock, estimate));
  return estimate;
}

std::string DescribeReasonEstimate(const ReasonEstimate& estimate) {
  std::string text = fmt::format(
      "estimate, nobody was asked: {} of {} users need a refresh\n"
      "  at most   {} calls, {} + {} tokens, ${:.4f}\n",
      estimate.due, estimate.users, estimate.most.calls, estimate.most.prompt_tokens,
      estimate.most.completion_tokens, estimate.most_usd);
  if (estimate.measured) {
    text += fmt::format("  expected  {} calls, {} + {} tokens, ${:.4f}, as for {} users so far\n",
                        estimate.expected.calls, estimate.expected.prompt_tokens,
                        estimate.expected.completion_tokens, estimate.expected_usd,
                        estimate.measured->users);
  }
  return text + DescribeDay(estimate);
}

}  // namespace twohop::app
