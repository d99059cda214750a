#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "twohop/reasoning/debate_agent.h"
#include "twohop/reasoning/debate_answer.h"

namespace twohop {
namespace {

class RankingSeat final : public DebateSeat {
 public:
  RankingSeat(Strategy& strategy, const StrategyTools& tools, const SearchingUser& user,
              const AgentLimits& limits)
      : strategy_(strategy), tools_(tools), user_(user), limits_(limits) {}

  Result<AgentAnswer> Answer(std::stop_token stop) override {
    TWOHOP_ASSIGN_OR_RETURN(Proposals proposed, strategy_.Propose(user_, stop));
    AgentAnswer answer{
        .stands_for = {}, .statements = {}, .rejected = proposed.rejected, .usage = proposed.usage};
    TWOHOP_ASSIGN_OR_RETURN(list_, Sayable(std::move(proposed.proposals), user_, tools_,
                                           answer.rejected, std::move(stop)));
    stands_for_ = FirstOnes(list_, tools_.space->taxonomy(), limits_.propose);
    for (const Proposal& proposal : stands_for_) {
      answer.statements.push_back(Say(DebateStance::kProposes, proposal));
    }
    answer.stands_for = stands_for_;
    return answer;
  }

  Result<AgentAnswer> Revise(std::span<const HeardAnswer> others, std::stop_token stop) override {
    if (stop.stop_requested()) return Cancelled("the debate was stopped");
    std::vector<Proposal> now =
        FirstOnes(Reconsidered(others), tools_.space->taxonomy(), limits_.propose);
    AgentAnswer answer;
    for (const Proposal& proposal : now) answer.statements.push_back(Take(proposal, others));
    for (const Proposal& before : stands_for_) {
      if (FindProposal(now, before.category->category) != nullptr) continue;
      answer.statements.push_back(Say(DebateStance::kDrops, before, WhyDropped(before, others)));
    }
    RefuseUnknown(others, answer.statements);
    stands_for_ = std::move(now);
    answer.stands_for = stands_for_;
    return answer;
  }

 private:
  DebateStatement Say(DebateStance stance, const Proposal& proposal,
                      std::string reason = {}) const {
    return twohop::Say(stance, proposal, tools_.space->taxonomy(), std::move(reason));
  }

  // The own list, ordered by own and others' opinion. The best own one counts 1.
  std::vector<Proposal> Reconsidered(std::span<const HeardAnswer> others) const {
    if (list_.empty()) return {};
    const float best = std::max(list_.front().confidence, 1e-6F);
    std::vector<std::pair<float, std::size_t>> order;
    for (std::size_t i = 0; i < list_.size(); ++i) {
      const float own = list_[i].confidence / best;
      order.emplace_back(own + limits_.trust * ShareOf(others, list_[i].category->category), i);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<Proposal> ordered;
    for (const auto& [score, i] : order) ordered.push_back(list_[i]);
    return ordered;
  }

  static float ShareOf(std::span<const HeardAnswer> others, CategoryIndex category) {
    const auto count = std::count_if(others.begin(), others.end(), [&](const HeardAnswer& other) {
      return FindProposal(other.stands_for, category) != nullptr;
    });
    return others.empty() ? 0.0F : static_cast<float>(count) / static_cast<float>(others.size());
  }

  DebateStatement Take(const Proposal& proposal, std::span<const HeardAnswer> others) const {
    const CategoryIndex category = proposal.category->category;
    if (FindProposal(stands_for_, category) != nullptr) return Say(DebateStance::kKeeps, proposal);
    const std::string who = WhoStandFor(category, others);
    const std::size_t place = static_cast<std::size_t>(FindProposal(list_, category) - &list_[0]);
    return Say(DebateStance::kAdopts, proposal,
               who.empty()
                   ? fmt::format("next on my list, at place {}", place + 1)
                   : fmt::format("at place {} of my list, and {} right", place + 1,
                                 who + (who.find(" and ") == std::string::npos ? " is" : " are")));
  }

  static std::string WhyDropped(const Proposal& proposal, std::span<const HeardAnswer> others) {
    return WhoStandFor(proposal.category->category, others).empty() ? "nobody else sees it"
                                                                    : "others are better founded";
  }

  // Each category once in a debate.
  void RefuseUnknown(std::span<const HeardAnswer> others, std::vector<DebateStatement>& said) {
    for (const HeardAnswer& other : others) {
      for (const Proposal& theirs : other.stands_for) {
        const CategoryIndex category = theirs.category->category;
        if (FindProposal(list_, category) != nullptr) continue;
        if (!refused_.insert(category.value()).second) continue;
        DebateStatement& refusal =
            said.emplace_back(Say(DebateStance::kRefuses, theirs,
                                  fmt::format("{}, nothing that I know leads there", other.name)));
        refusal.demand.clear();
      }
    }
  }

  Strategy& strategy_;
  const StrategyTools& tools_;
  const SearchingUser& user_;
  const AgentLimits& limits_;
  std::vector<Proposal> list_;  // Most confident first.
  std::vector<Proposal> stands_for_;
  std::set<std::uint32_t> refused_;
};

class RankingAgent final : public DebateAgent {
 public:
  RankingAgent(std::unique_ptr<Strategy> strategy, const StrategyTools& tools,
               DebateParticipant participant, const AgentLimits& limits)
      : strategy_(std::move(strategy)),
        tools_(tools),
        participant_(std::move(participant)),
        limits_(limits) {
    participant_.model = strategy_->model();
    participant_.prompt_version = strategy_->prompt_version();
  }

  std::unique_ptr<DebateSeat> TakeSeat(const SearchingUser& user) override {
    return std::make_unique<RankingSeat>(*strategy_, tools_, user, limits_);
  }

  const DebateParticipant& participant() const override { return participant_; }

 private:
  const std::unique_ptr<Strategy> strategy_;
  const StrategyTools tools_;
  DebateParticipant participant_;
  const AgentLimits limits_;
};

}  // namespace

std::unique_ptr<DebateAgent> MakeRankingAgent(std::unique_ptr<Strategy> strategy,
                                              const StrategyTools& tools,
                                              DebateParticipant participant,
                                              const AgentLimits& limits) {
  return std::make_unique<RankingAgent>(std::move(strategy), tools, std::move(participant), limits);
}

}  // namespace twohop
