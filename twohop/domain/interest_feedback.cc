#include "twohop/domain/interest_feedback.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "twohop/base/text.h"
#include "twohop/base/time_format.h"

namespace twohop {
namespace {

// Beyond it a float has no more halves that matter.
constexpr std::uint64_t kMaxHalvings = 32;

std::string DateOf(TimePoint time) { return FormatTime(time).substr(0, 10); }

// Works feedback into weights. Records come newest first, so the first word on a thing stands.
class Weighing {
 public:
  Weighing(TimePoint now, const FeedbackPolicy& policy) : now_(now), policy_(policy) {}

  void Add(const FeedbackRecord& record) {
    if (!IsRecent(record.time)) return;
    const std::string demand = NormalizeName(record.demand);
    if (record.verdict == FeedbackVerdict::kAccept) {
      AddToCategory(record, {policy_.accept, FeedbackCause::kAccepted, record.time});
    } else if (record.verdict == FeedbackVerdict::kReject || demand.empty()) {
      AddToCategory(record, {0.0F, FeedbackCause::kRejected, record.time});
    }
    if (!demand.empty()) AddToDemand(demand, record);
  }

  // After all records: what the user said counts more than what they did.
  void Add(const NoveltyOutcome& outcome) {
    if (!IsRecent(outcome.newest)) return;
    const std::uint64_t halvings = std::min(outcome.unanswered / policy_.patience, kMaxHalvings);
    if (halvings > 0) {
      const float weight = std::ldexp(1.0F, -static_cast<int>(halvings));
      weights_.categories.try_emplace(
          outcome.category_id,
          CategoryWeight{weight < policy_.floor ? 0.0F : weight, FeedbackCause::kIgnored,
                         outcome.newest, outcome.unanswered});
    } else if (outcome.clicks > 0) {
      weights_.categories.try_emplace(
          outcome.category_id,
          CategoryWeight{policy_.click, FeedbackCause::kClicked, outcome.newest, outcome.clicks});
    }
  }

  InterestWeights Finish() && {
    for (auto& [name, demand] : weights_.demands) {
      const float weight = std::pow(policy_.accept, static_cast<float>(demand.accepted)) *
                           std::pow(policy_.reject, static_cast<float>(demand.rejected));
      demand.weight = demand.dropped ? 0.0F : std::clamp(weight, policy_.floor, kMaxFeedbackWeight);
    }
    return std::move(weights_);
  }

 private:
  bool IsRecent(TimePoint time) const { return now_ - time < policy_.memory; }

  void AddToCategory(const FeedbackRecord& record, const CategoryWeight& weight) {
    weights_.categories.try_emplace(record.category_id, weight);
  }

  void AddToDemand(const std::string& name, const FeedbackRecord& record) {
    DemandWeight& demand = weights_.demands[name];
    if (demand.dropped) return;
    if (record.verdict == FeedbackVerdict::kNotThisDirection) {
      if (demand.accepted == 0) demand.dropped = record.time;
      return;
    }
    if (!counted_.emplace(name, record.category_id).second) return;
    ++(record.verdict == FeedbackVerdict::kAccept ? demand.accepted : demand.rejected);
  }

  const TimePoint now_;
  const FeedbackPolicy& policy_;
  InterestWeights weights_;
  std::set<std::pair<std::string, std::string>> counted_;  // Demands and their categories.
};

std::string ReasonOf(const CategoryWeight& category) {
  switch (category.cause) {
    case FeedbackCause::kAccepted:
      return fmt::format("accepted on {}", DateOf(category.time));
    case FeedbackCause::kRejected:
      return fmt::format("rejected on {}", DateOf(category.time));
    case FeedbackCause::kClicked:
      return category.count == 1 ? "clicked once" : fmt::format("clicked {} times", category.count);
    case FeedbackCause::kIgnored:
      return fmt::format("shown {} times without a click", category.count);
  }
  return {};
}

std::string ReasonOf(std::string_view name, const DemandWeight& demand) {
  if (demand.dropped) {
    return fmt::format("\"{}\" is not the direction since {}", name, DateOf(*demand.dropped));
  }
  return fmt::format("\"{}\": {} accepted, {} rejected", name, demand.accepted, demand.rejected);
}

}  // namespace

float InterestWeights::Of(std::string_view demand, std::string_view category_id) const {
  if (empty()) return 1.0F;
  float weight = 1.0F;
  if (const auto found = categories.find(category_id); found != categories.end()) {
    weight *= found->second.weight;
  }
  if (const auto found = demands.find(NormalizeName(demand)); found != demands.end()) {
    weight *= found->second.weight;
  }
  return std::min(weight, kMaxFeedbackWeight);
}

std::string InterestWeights::Reason(std::string_view demand, std::string_view category_id) const {
  std::string reason;
  if (const auto found = categories.find(category_id); found != categories.end()) {
    reason = ReasonOf(found->second);
  }
  if (const auto found = demands.find(NormalizeName(demand)); found != demands.end()) {
    if (!reason.empty()) reason += "; ";
    reason += ReasonOf(found->first, found->second);
  }
  return reason;
}

InterestWeights WeighFeedback(const InterestFeedback& feedback, TimePoint now,
                              const FeedbackPolicy& policy) {
  Weighing weighing(now, policy);
  for (const FeedbackRecord& record : feedback.given) weighing.Add(record);
  for (const NoveltyOutcome& outcome : feedback.outcomes) weighing.Add(outcome);
  return std::move(weighing).Finish();
}

}  // namespace twohop
