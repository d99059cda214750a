#include "apps/twohop/token_curve_pipeline.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include "apps/twohop/reason_pipeline.h"
#include "apps/twohop/text_table.h"
#include <fmt/format.h>

#include "twohop/nearline/refresh_policy.h"

namespace twohop::app {
namespace {

constexpr std::array<TwoHopStrategy, 2> kStrategies{TwoHopStrategy::kInterestGpt,
                                                    TwoHopStrategy::kHopByHop};

// A folder that begins empty and is gone at the end.
class ColdFolder {
 public:
  explicit ColdFolder(std::filesystem::path path) : path_(std::move(path)) { Clear(); }
  ~ColdFolder() { Clear(); }
  ColdFolder(const ColdFolder&) = delete;
  ColdFolder& operator=(const ColdFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  void Clear() {
    std::error_code ignored;  // What is left over makes the store fail to open.
    std::filesystem::remove_all(path_, ignored);
  }

  std::filesystem::path path_;
};

Result<std::vector<UserContext>> ReadUsers(const UserStateStore& states, std::size_t limit,
                                           TimePoint now) {
  std::vector<UserContext> users;
  TWOHOP_RETURN_IF_ERROR(states.ForEach([&](const UserState& user) {
    if (!user.searches.empty()) users.push_back(MakeUserContext(user, now));
    return users.size() < limit;
  }));
  return users;
}

Status CheckPoints(const std::vector<std::size_t>& at) {
  std::size_t before = 0;
  for (const std::size_t users : at) {
    if (users <= before) return InvalidArgument("numbers of users must ascend from 1");
    before = users;
  }
  if (at.empty()) return InvalidArgument("no number of users to measure at");
  return Ok();
}

// Reasons for the same users twice, with and without what others asked before.
class Curve {
 public:
  Curve(const Workspace& workspace, const Config& config, ModelAccess& models, const Clock& clock,
        ChatClient& chat, EmbeddingClient& embedder)
      : workspace_(workspace),
        config_(config),
        models_(models),
        clock_(clock),
        chat_(chat),
        embedder_(embedder) {}

  // Adds to `points` what was measured, also if it fails.
  Status Run(TwoHopStrategy strategy, const std::vector<UserContext>& users,
             const std::vector<std::size_t>& at, Progress& progress, const std::stop_token& stop,
             std::vector<CurvePoint>& points) {
    const ColdFolder cold(workspace_.edge_store().parent_path() / "cold");
    TWOHOP_ASSIGN_OR_RETURN(const auto store,
                            EdgeStore::Open(cold.path(), OpenMode::kReadWrite, clock_));
    TWOHOP_ASSIGN_OR_RETURN(
        const ReasoningKnowledge knowledge,
        LoadReasoningKnowledge(workspace_, config_, NeedsEdges(strategy), models_, clock_));
    TWOHOP_ASSIGN_OR_RETURN(const auto answers,
                            MakeStoredAnswers(*store, config_, knowledge, models_, embedder_));
    TWOHOP_ASSIGN_OR_RETURN(const auto shared, MakeGenerator(strategy, knowledge, answers));
    TWOHOP_ASSIGN_OR_RETURN(const auto alone,
                            MakeGenerator(strategy, knowledge, MakeMemoryAnswers(0)));
    const auto stage = progress.Begin(TwoHopStrategyName(strategy), users.size());
    CurvePoint sum{.strategy = std::string(TwoHopStrategyName(strategy))};
    Status status;
    for (const UserContext& user : users) {
      status = AddUser(user, *shared, *alone, stop, sum);
      if (!status.has_value()) break;
      sum.merged = answers->stats().merged;
      stage->Update(sum.users);
      if (std::binary_search(at.begin(), at.end(), sum.users)) points.push_back(sum);
    }
    const bool has_point = std::binary_search(at.begin(), at.end(), sum.users);
    if (sum.users > 0 && !has_point) points.push_back(sum);  // Fewer users, or a stop.
    return status;
  }

 private:
  static Status AddUser(const UserContext& user, InterestGenerator& shared,
                        InterestGenerator& alone, const std::stop_token& stop, CurvePoint& sum) {
    TWOHOP_ASSIGN_OR_RETURN(const Generation with, shared.Generate(user, stop));
    TWOHOP_ASSIGN_OR_RETURN(const Generation without, alone.Generate(user, stop));
    sum.shared += with.usage;
    sum.alone += without.usage;
    ++sum.users;
    return Ok();
  }

  Result<std::unique_ptr<InterestGenerator>> MakeGenerator(TwoHopStrategy strategy,
                                                           ReasoningKnowledge knowledge,
                                                           std::shared_ptr<AnswerCache> answers) {
    knowledge.answers = std::move(answers);
    return MakeTwoHopGenerator(chat_, embedder_, std::move(knowledge), {.strategy = strategy},
                               clock_);
  }

  const Workspace& workspace_;
  const Config& config_;
  ModelAccess& models_;
  const Clock& clock_;
  ChatClient& chat_;
  EmbeddingClient& embedder_;
};

std::string PerUser(const TokenUsage& usage, std::size_t users) {
  const auto each = [&](std::uint64_t total) {
    return static_cast<double>(total) / static_cast<double>(users);
  };
  return fmt::format("{:.1f} + {:.1f} ({:.2f})", each(usage.prompt_tokens),
                     each(usage.completion_tokens), each(usage.calls));
}

}  // namespace

Result<TokenCurve> MeasureTokenCurve(const Workspace& workspace, const Config& config,
                                     const UserStateStore& states,
                                     const std::vector<std::size_t>& at, ModelAccess& models,
                                     const Clock& clock, Progress& progress,
                                     const std::stop_token& stop) {
  TWOHOP_RETURN_IF_ERROR(CheckPoints(at));
  TWOHOP_ASSIGN_OR_RETURN(const auto users, ReadUsers(states, at.back(), clock.Now()));
  if (users.empty()) return FailedPrecondition("no user has searched for anything");
  TWOHOP_ASSIGN_OR_RETURN(const auto chat, models.RememberingChat(stop));
  TWOHOP_ASSIGN_OR_RETURN(EmbeddingClient* const embedder, models.Embedding(stop));
  Curve curve(workspace, config, models, clock, *chat, *embedder);
  TokenCurve measured;
  for (const TwoHopStrategy strategy : kStrategies) {
    measured.status = curve.Run(strategy, users, at, progress, stop, measured.points);
    if (!measured.status.has_value()) break;
  }
  return measured;
}

std::string DescribeTokenCurve(const std::vector<CurvePoint>& points) {
  TextTable table({"strategy", "users", "a user, shared", "a user, alone", "merged demands"});
  for (const CurvePoint& point : points) {
    table.AddRow({point.strategy, fmt::format("{}", point.users),
                  PerUser(point.shared, point.users), PerUser(point.alone, point.users),
                  fmt::format("{}", point.merged)});
  }
  return "prompt + completion tokens (calls)\n" + table.Format();
}

}  // namespace twohop::app
