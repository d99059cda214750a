// What `twohop reason` would ask and cost, before it asks anything.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "apps/common/config.h"
#include "apps/common/workspace.h"
#include "apps/twohop/usage_history.h"

#include "twohop/base/clock.h"
#include "twohop/base/result.h"
#include "twohop/llm/spending_ledger.h"
#include "twohop/llm/token_meter.h"
#include "twohop/userstate/user_state_store.h"

namespace twohop::app {

struct ReasonEstimate {
  std::uint64_t users = 0;  // Who were looked at.
  std::uint64_t due = 0;    // Who need a refresh.
  TokenUsage most;          // If answers are as long as they may be, and every one is asked for
                            // as often as it may be.
  double most_usd = 0.0;    // At the price of the dearest provider.
  std::optional<MeasuredUsage> measured;  // Of refreshes so far, by the same model and prompts.
  TokenUsage expected;                    // For those who are due, if `measured`.
  double expected_usd = 0.0;              // At the first provider's price.
  CallLimits day;                         // As configured.
  Spending spent_today;                   // If the day is limited.
};

// Goes through the work with a model that answers nothing of use (RehearsalChatClient), so neither
// a server is started nor anything paid for.
//
// Errors: those of MakeReasoning, UserStateStore::Get and SpendingLedger::OpenDaily; kCancelled.
Result<ReasonEstimate> EstimateReasoning(const Workspace& workspace, const Config& config,
                                         const UserStateStore& states,
                                         std::span<const UserId> users, const Clock& clock,
                                         std::stop_token stop);

std::string DescribeReasonEstimate(const ReasonEstimate& estimate);

}  // namespace twohop::app
