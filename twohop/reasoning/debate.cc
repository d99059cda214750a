#include "twohop/reasoning/debate.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "twohop/reasoning/ballot.h"

namespace twohop {
namespace {

// What the others have not heard from this agent yet. More than a flip (CountFlips): a model may
// name something that nobody named before.
bool IsNews(const DebateStatement& said) {
  return said.stance == DebateStance::kAdopts || said.stance == DebateStance::kDrops ||
         said.stance == DebateStance::kProposes;
}

// One debate about one user.
class DebateSession {
 public:
  DebateSession(std::span<const std::unique_ptr<DebateAgent>> agents, const SearchingUser& user,
                const DebateOptions& options)
      : options_(options), last_(agents.size()) {
    for (const auto& agent : agents) {
      record_.agents.push_back(agent->participant());
      seats_.push_back(agent->TakeSeat(user));
    }
  }

  Status Run(const std::stop_token& stop) {
    TWOHOP_RETURN_IF_ERROR(
        HoldRound([&](std::size_t agent) { return seats_[agent]->Answer(stop); }));
    if (SpokenBallots().empty()) return tl::unexpected<Error>(*first_error_);
    for (std::uint32_t round = 0; round < options_.rounds; ++round) {
      if (HasEnded()) {
        record_.stopped_early = true;
        break;
      }
      const std::vector<std::optional<AgentAnswer>> before = last_;
      TWOHOP_RETURN_IF_ERROR(HoldRound(
          [&](std::size_t agent) { return seats_[agent]->Revise(Heard(before, agent), stop); }));
    }
    return Ok();
  }

  Proposals Close(const Taxonomy& taxonomy, TimePoint now) && {
    ElectionResult election = HoldElection(SpokenBallots(), taxonomy, options_.propose);
    record_.votes = std::move(election.votes);
    record_.time = now;
    result_.proposals = std::move(election.elected);
    result_.debate = std::move(record_);
    return std::move(result_);
  }

 private:
  // Asks every agent once. Fails only if the debate was stopped.
  template <typename Ask>
  Status HoldRound(const Ask& ask) {
    DebateRound& round = record_.rounds.emplace_back();
    for (std::size_t agent = 0; agent < seats_.size(); ++agent) {
      Result<AgentAnswer> answer = ask(agent);
      if (!answer.has_value() && answer.error().code() == ErrorCode::kCancelled) {
        return tl::unexpected<Error>(answer.error());
      }
      round.turns.push_back(Take(agent, std::move(answer)));
    }
    round.agreement = AgreementOf(SpokenBallots());
    return Ok();
  }

  DebateTurn Take(std::size_t agent, Result<AgentAnswer> answer) {
    DebateTurn turn{.agent = agent, .statements = {}, .failure = {}};
    if (!answer.has_value()) {
      turn.failure = std::string(ErrorCodeName(answer.error().code()));
      if (!first_error_) first_error_ = answer.error();
      return turn;
    }
    turn.statements = answer->statements;
    turn.prompt_tokens = answer->usage.prompt_tokens;
    turn.completion_tokens = answer->usage.completion_tokens;
    result_.usage += answer->usage;
    CountAll(answer->rejected, result_.rejected);
    last_[agent] = *std::move(answer);
    return turn;
  }

  // What the agents stand for; of those that spoke at least once.
  std::vector<Ballot> SpokenBallots() const {
    std::vector<Ballot> ballots;
    for (std::size_t agent = 0; agent < last_.size(); ++agent) {
      if (!last_[agent]) continue;
      ballots.push_back({agent, record_.agents[agent].weight, last_[agent]->stands_for});
    }
    return ballots;
  }

  std::vector<HeardAnswer> Heard(const std::vector<std::optional<AgentAnswer>>& answers,
                                 std::size_t self) const {
    std::vector<HeardAnswer> heard;
    for (std::size_t agent = 0; agent < answers.size(); ++agent) {
      if (agent == self || !answers[agent]) continue;
      heard.push_back({record_.agents[agent].name, answers[agent]->stands_for});
    }
    return heard;
  }

  bool HasEnded() const {
    const DebateRound& last = record_.rounds.back();
    if (last.agreement >= options_.enough_agreement) return true;
    return record_.rounds.size() > 1 &&
           std::none_of(last.turns.begin(), last.turns.end(), [](const DebateTurn& turn) {
             return std::any_of(turn.statements.begin(), turn.statements.end(), IsNews);
           });
  }

  const DebateOptions& options_;
  std::vector<std::unique_ptr<DebateSeat>> seats_;
  std::vector<std::optional<AgentAnswer>> last_;  // By agent; nothing until it answers.
  std::optional<Error> first_error_;
  DebateRecord record_;
  Proposals result_;
};

class Debate final : public Strategy {
 public:
  Debate(std::vector<std::unique_ptr<DebateAgent>> agents,
         std::shared_ptr<const CategorySpace> space, const Clock& clock,
         const DebateOptions& options)
      : agents_(std::move(agents)), space_(std::move(space)), clock_(clock), options_(options) {}

  Result<Proposals> Propose(const SearchingUser& user, std::stop_token stop) override {
    DebateSession session(agents_, user, options_);
    TWOHOP_RETURN_IF_ERROR(session.Run(stop));
    return std::move(session).Close(space_->taxonomy(), clock_.Now());
  }

  std::string prompt_version() const override {
    return JoinDistinct([](const DebateParticipant& one) { return one.prompt_version; });
  }
  std::string model() const override {
    return JoinDistinct([](const DebateParticipant& one) { return one.model; });
  }

 private:
  template <typename Get>
  std::string JoinDistinct(const Get& get) const {
    std::set<std::string> seen{std::string()};
    std::string joined;
    for (const auto& agent : agents_) {
      const std::string text = get(agent->participant());
      if (!seen.insert(text).second) continue;
      if (!joined.empty()) joined += "+";
      joined += text;
    }
    return joined;
  }

  const std::vector<std::unique_ptr<DebateAgent>> agents_;
  const std::shared_ptr<const CategorySpace> space_;
  const Clock& clock_;
  const DebateOptions options_;
};

}  // namespace

std::unique_ptr<Strategy> MakeDebate(std::vector<std::unique_ptr<DebateAgent>> agents,
                                     std::shared_ptr<const CategorySpace> space, const Clock& clock,
                                     const DebateOptions& options) {
  return std::make_unique<Debate>(std::move(agents), std::move(space), clock, options);
}

}  // namespace twohop
