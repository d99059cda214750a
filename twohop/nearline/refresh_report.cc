#include "twohop/nearline/refresh_report.h"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace twohop {
namespace {

std::uint64_t& CounterOf(RefreshOutcome outcome, RefreshReport& report) {
  switch (outcome) {
    case RefreshOutcome::kRefreshed:
      return report.refreshed;
    case RefreshOutcome::kEmpty:
      return report.empty;
    case RefreshOutcome::kKept:
      return report.kept;
    case RefreshOutcome::kFresh:
      return report.fresh;
    case RefreshOutcome::kBusy:
      return report.busy;
    case RefreshOutcome::kUnknown:
      return report.unknown;
    case RefreshOutcome::kOverBudget:
      return report.over_budget;
    case RefreshOutcome::kOutdated:
      return report.outdated;
  }
  return report.failed;
}

std::string JoinCounts(std::span<const std::pair<std::string_view, std::uint64_t>> counts) {
  std::vector<std::string> parts;
  for (const auto& [name, count] : counts) {
    if (count > 0) parts.push_back(fmt::format("{} {}", count, name));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

void RefreshReport::Add(const UserRefresh& refresh) {
  ++CounterOf(refresh.outcome, *this);
  interests += refresh.interests;
  for (std::size_t i = 0; i < rejected.size(); ++i) rejected[i] += refresh.rejected[i];
  usage += refresh.usage;
}

void RefreshReport::AddFailure(const UserId& user, Error error) {
  ++failed;
  if (error.code() == ErrorCode::kDeadlineExceeded) ++timed_out;
  if (failures.size() < kMaxFailures) failures.push_back({user, std::move(error)});
}

double RefreshReport::answered_per_second() const {
  return seconds > 0.0 ? static_cast<double>(answered()) / seconds : 0.0;
}

std::string RefreshReport::Describe() const {
  const std::array<std::pair<std::string_view, std::uint64_t>, 10> outcomes = {{
      {"refreshed", refreshed},
      {"empty", empty},
      {"kept", kept},
      {"fresh", fresh},
      {"busy", busy},
      {"unknown", unknown},
      {"over their budget", over_budget},
      {"outdated", outdated},
      {"failed", failed},
      {"of them too slow", timed_out},
  }};
  std::array<std::pair<std::string_view, std::uint64_t>, kRejectReasonCount> rejects;
  for (std::size_t i = 0; i < kRejectReasonCount; ++i) {
    rejects[i] = {RejectReasonName(static_cast<RejectReason>(i)), rejected[i]};
  }
  const std::string users = JoinCounts(outcomes);
  const std::string reasons = JoinCounts(rejects);
  return fmt::format("{}; {} interests{}; {} calls, {} tokens in, {} out; {:.2f} users/s",
                     users.empty() ? "no users" : users, interests,
                     reasons.empty() ? "" : fmt::format(" (rejected: {})", reasons), usage.calls,
                     usage.prompt_tokens, usage.completion_tokens, answered_per_second());
}

}  // namespace twohop
